// What a Prisma project's files say: .env, literals of prisma.config and package.json, the schema, checksums, order.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "formats/dotenv.h"
#include "formats/prisma/literals.h"
#include "formats/prisma/migrations.h"
#include "formats/prisma/schema_file.h"

namespace bascule::formats::prisma {
namespace {

SourceFilePtr schema(const std::string& text) { return std::make_shared<const SourceFile>("schema.prisma", text); }

TEST(PrismaDotenv, ReadsWhatDotenvReads) {
  const Variables found = parse_dotenv(
      "# comment\n"
      "PLAIN=a b # not this\n"
      "export EXPORTED = x\n"
      "EMPTY=\n"
      "SINGLE='a # \\n b'\n"
      "DOUBLE=\"a\\nb\" # comment\n"
      "TICKS=`it's \"it\"`\n"
      "LINES=\"first\n"
      "second\"\n"
      "COLON: yes\r\n"
      "no assignment here\n"
      "HALF=\"open\n"
      "LAST=end");
  EXPECT_EQ(found.at("PLAIN"), "a b");
  EXPECT_EQ(found.at("EXPORTED"), "x");
  EXPECT_EQ(found.at("EMPTY"), "");
  EXPECT_EQ(found.at("SINGLE"), "a # \\n b");
  EXPECT_EQ(found.at("DOUBLE"), "a\nb");
  EXPECT_EQ(found.at("TICKS"), "it's \"it\"");
  EXPECT_EQ(found.at("LINES"), "first\nsecond");
  EXPECT_EQ(found.at("COLON"), "yes");
  EXPECT_EQ(found.at("HALF"), "\"open");
  EXPECT_EQ(found.at("LAST"), "end");
  EXPECT_EQ(found.size(), 10U);
  EXPECT_TRUE(parse_dotenv("").empty());
}

TEST(PrismaDotenv, ExpandsFromTheEnvironmentFirst) {
  const Variables file = parse_dotenv(
      "HOST=file\nUSER_NAME=bob\nURL=pg://${USER_NAME}@$HOST/${DB:-main}\nMONEY=\\$5\nLOOP=${LOOP}x\nOPEN=${HOST\n");
  const Variables found = expand_dotenv(file, {{"HOST", "outer"}});
  EXPECT_EQ(found.at("URL"), "pg://bob@outer/main");
  EXPECT_EQ(found.at("MONEY"), "$5");
  EXPECT_EQ(found.at("OPEN"), "${HOST");
  EXPECT_LT(found.at("LOOP").size(), 100U);
}

TEST(PrismaLiterals, ReadsConfigFiles) {
  const Literals found = read_script_literals(R"(
import 'dotenv/config'
import { defineConfig, env } from 'prisma/config'
// export default { schema: "not this" }
export default defineConfig({
  schema: path.join('prisma', "schema"),
  migrations: { path: `db/migrations`, seed: "tsx " + seed, /* no */ },
  datasource: {
    url: env<Env>('DATABASE_URL'),
    directUrl: process.env.DIRECT_URL ?? "postgres://fallback",
    shadowDatabaseUrl: process.env["SHADOW"]!,
  },
  adapter: async () => { return new X({ url: "no" }) },
  ...others,
  method() { return { schema: "no" } },
  last: process.env.LAST as string,
  computed: `a${b}`,
})
)");
  EXPECT_EQ(found.at("schema").text, "prisma/schema");
  EXPECT_EQ(found.at("migrations.path").text, "db/migrations");
  EXPECT_FALSE(found.at("migrations.seed").known());
  EXPECT_EQ(found.at("datasource.url").variable, "DATABASE_URL");
  EXPECT_EQ(found.at("datasource.directUrl").variable, "DIRECT_URL");
  EXPECT_EQ(found.at("datasource.directUrl").text, "postgres://fallback");
  EXPECT_EQ(found.at("datasource.shadowDatabaseUrl").variable, "SHADOW");
  EXPECT_FALSE(found.at("adapter").known());
  EXPECT_EQ(found.at("last").variable, "LAST");
  EXPECT_FALSE(found.at("computed").known());
}

TEST(PrismaLiterals, FindsTheExportedObject) {
  EXPECT_EQ(read_script_literals("module.exports = { schema: 'a' }").at("schema").text, "a");
  EXPECT_EQ(read_script_literals("const c = { schema: 'b' };\nexport default c;").at("schema").text, "b");
  EXPECT_EQ(read_script_literals("export default { schema: 'c' } satisfies PrismaConfig").at("schema").text, "c");
  EXPECT_TRUE(read_script_literals("export default make()").empty());
  EXPECT_TRUE(read_script_literals("export default {").empty());
  EXPECT_EQ(read_json_literals(R"({"name": "x", "list": [1, {"a": 2}], "prisma": {"schema": "db/s.prisma"}})")
                .at("prisma.schema")
                .text,
            "db/s.prisma");
}

TEST(PrismaSchema, ReadsTheDatasource) {
  Diagnostics wrong;
  const auto found = read_datasource(schema("/// doc\n"
                                            "generator client { provider = \"prisma-client-js\" }\n"
                                            "model A {\n  id Int @id // }\n  s String @default(\"}\")\n}\n"
                                            "datasource db {\n"
                                            "  provider = \"postgresql\" // here\n"
                                            "  url = env(\"DATABASE_URL\")\n"
                                            "  directUrl = \"postgres://x\"\n"
                                            "  shadowDatabaseUrl = env(\"S\")\n"
                                            "  schemas = [\"a\",\n    \"b\"]\n"
                                            "  extensions = [citext, postgis(version: \"2\")]\n"
                                            "}\n"),
                                     wrong);
  ASSERT_TRUE(found);
  EXPECT_TRUE(wrong.empty());
  EXPECT_EQ(found->name, "db");
  EXPECT_EQ(found->provider->text, "postgresql");
  EXPECT_EQ(found->provider->where.span.begin.line, 8U);
  EXPECT_EQ(found->url->variable, "DATABASE_URL");
  EXPECT_EQ(found->direct_url->text, "postgres://x");
  EXPECT_EQ(found->schemas, (std::vector<std::string>{"a", "b"}));
}

TEST(PrismaSchema, KeepsTheOtherBlocksWithTheirPlaces) {
  Diagnostics wrong;
  const std::string text = "enum E {\n  A\n}\n\n/* { */ model M { id Int }\ntype T = Int\n";
  const auto blocks = read_blocks(schema(text), wrong);
  EXPECT_TRUE(wrong.empty());
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[1].kind + " " + blocks[1].name, "model M");
  EXPECT_EQ(text.substr(blocks[1].begin, blocks[1].end - blocks[1].begin), "model M { id Int }");
  EXPECT_EQ(text.substr(blocks[1].body_begin, blocks[1].body_end - blocks[1].body_begin), " id Int ");
}

TEST(PrismaSchema, SaysWhatItCannotRead) {
  for (const char* text : {"model A {", "} model B {}", "datasource d { provider = \"open\n }", "model", "\"", "/*",
                           "datasource d { url = env(DATABASE_URL) }"}) {
    Diagnostics wrong;
    read_datasource(schema(text), wrong);
    EXPECT_EQ(wrong.has_errors(), std::string(text) != "/*") << text;
  }
}

/// As Node sorts them: the list below was printed by it.
TEST(PrismaMigrations, OrderIsLocaleCompares) {
  const std::vector<std::string> sorted = {"_a",  "-a",         ".h",        "0_x", "01_x", "1_x", "10_y",
                                           "2_z", "20240101_a", "20240101a", "a",   "a b",  "a_b", "a-b",
                                           "ab",  "aB",         "Ab",        "AB",  "B",    "b_"};
  std::vector<std::string> names = sorted;
  std::reverse(names.begin(), names.end());
  std::sort(names.begin(), names.end(), sorts_before);
  // "a b" and its like differ from "ab" by a sign that counts.
  EXPECT_EQ(names, sorted);
}

TEST(PrismaMigrations, Checksums) {
  EXPECT_EQ(checksum_of("hello"), "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  EXPECT_EQ(checksum_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  // Lengths around the block's: 55 and 56 bytes need one block and two.
  EXPECT_EQ(checksum_of(std::string(55, 'a')), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
  EXPECT_EQ(checksum_of(std::string(56, 'a')), "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
  EXPECT_EQ(checksum_of(std::string(64, 'a')), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
  EXPECT_TRUE(checksum_matches("a\r\nb\n", checksum_of("a\nb\n")));
  EXPECT_TRUE(checksum_matches("a\nb\n", checksum_of("a\r\nb\r\n")));
  EXPECT_FALSE(checksum_matches("a\nb", checksum_of("a\nb\n")));
  // Old versions of Prisma left out the zero of a byte below 16.
  EXPECT_TRUE(checksum_matches("hello", "2cf24dba5fb0a3e26e83b2ac5b9e29e1b161e5c1fa7425e7343362938b9824"));
  EXPECT_EQ(description_of("20240101000000_add_users"), "add users");
  EXPECT_EQ(description_of("init"), "init");
}

}  // namespace
}  // namespace bascule::formats::prisma
