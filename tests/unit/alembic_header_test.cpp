// The quick scan of revision files, and that it agrees with the full evaluation wherever it is sure.
#include <gtest/gtest.h>

#include <string>

#include "formats/alembic/evaluate_revision.h"
#include "formats/alembic/header_scan.h"

namespace bascule::formats::alembic {
namespace {

std::string text_of(const std::optional<HeaderField>& field) {
  if (!field) return "-";
  std::string out = "[";
  for (const std::string& value : field->values) out += value + ";";
  return out + "]";
}

std::string text_of(const Header& header) {
  return text_of(header.revision) + text_of(header.down_revision) + text_of(header.branch_labels) +
         text_of(header.depends_on) + header.message + "|" + header.create_date.value_or("-");
}

const char* const kTail = "\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n";

struct Variant {
  const char* text;
  bool sure;  ///< whether the scan may decide by itself
};

const Variant kVariants[] = {
    {"revision = 'a'\ndown_revision = None\nbranch_labels = None\ndepends_on = None", true},
    {"\"\"\"Add users\n\nRevision ID: a\nRevises: b\nCreate Date: 2024-01-02 03:04:05.000006\n\n\"\"\"\nrevision = "
     "'a'\ndown_revision = 'b'",
     true},
    {"'''One line'''\nrevision = \"a\"\ndown_revision = \"b\"  # the parent", true},
    {"revision: str = 'a'\ndown_revision: Union[str, None] = 'b'\nbranch_labels: str | Sequence[str] | None = None",
     true},
    {"revision = 'a'\ndown_revision = ('b', 'c')\ndepends_on = ['d', 'e',]\nbranch_labels = {'x'}", true},
    {"revision = 'a'\ndown_revision = (\n    'b',  # first\n    'c',\n)\nbranch_labels = ('x',)", true},
    {"revision = 'a'\ndown_revision = 'b', 'c'", true},
    {"revision = 'a'\ndown_revision = ('b')\nbranch_labels = ()", true},
    {"revision = 'a' 'b'\ndown_revision = ('c'\n  'd')", true},
    {"revision = u'a'\ndown_revision = r'b'", true},
    {"revision = 'a\\x62'\ndown_revision = None", false},
    {"revision = f'a'\ndown_revision = None", false},
    {"PARENT = 'b'\nrevision = 'a'\ndown_revision = PARENT", false},
    {"revision = 'a'\nif True:\n    down_revision = 'b'\nelse:\n    down_revision = 'c'", false},
    {"try:\n    revision = 'a'\nexcept Exception:\n    pass\ndown_revision = None", false},
    {"revision = 'a'\ndown_revision = 'b'\nrevision = 'c'", false},
    {"revision = down_revision = 'a'", false},
    {"revision, down_revision = 'a', 'b'", false},
    {"revision = 'a'; down_revision = 'b'", false},
    {"revision = str(1)\ndown_revision = None", false},
    {"revision = 'a'\ndown_revision = 'b' if True else None", false},
    {"revision = 'a'\ndown_revision = \\\n    'b'", true},
    {"revision = 'a'\ndown_revision = None\ntext = '''\nrevision = 'z'\n'''\nother = \"revision = 'q'\"", true},
    {"revision = 'a'\ndown_revision = None\n# revision = 'z'\nprint(dict(revision='z'))", true},
    {"revision = 'a'\ndown_revision = None\nbranch_labels = None\ndepends_on = None\ndepends_on = 'b'", false},
    {"revision = 'a'\ndown_revision = None\nbranch_labels = None\ndepends_on = None\n\ndef helper():\n    revision = "
     "5\n    return revision",
     false},
    {"revision = 'a'\ndown_revision = 'b'\ndown_revision += 'x' if False else ''", false},
    {"revision = 'a'\r\ndown_revision = 'b'\r\n", true},
    {"\xEF\xBB\xBFrevision = 'a'\ndown_revision = 'b'", true},
    {"\xEF\xBB\xBF\"\"\"Doc\"\"\"\nrevision = 'a'\ndown_revision = 'b'", true},
    {"down_revision = None", true},
    {"revision = 'ä'\ndown_revision = None", true},
    {"import x\nx.revision\nrevision = 'a'\ndown_revision = None", true},
    {"revision='a'\ndown_revision=None\n", true},
    {"", true},
};

TEST(HeaderScan, AgreesWithTheEvaluation) {
  Modules modules({});
  const std::map<std::string, std::string> environment;
  const Evaluator evaluator{modules, environment, {}};
  for (const Variant& variant : kVariants) {
    const std::string text = std::string(variant.text) + kTail;
    SCOPED_TRACE(text);
    const auto scanned = scan_header(text);
    EXPECT_EQ(scanned.has_value(), variant.sure);
    const auto evaluated = evaluate_header(std::make_shared<const SourceFile>("x.py", text), evaluator);
    ASSERT_TRUE(evaluated.has_value()) << evaluated.error().message;
    if (scanned) {
      EXPECT_EQ(text_of(*scanned), text_of(*evaluated));
    }
  }
}

TEST(HeaderScan, ReadsPastASyntaxErrorElsewhere) {
  const auto header =
      scan_header("revision = 'a'\ndown_revision = 'b'\nbranch_labels = None\ndepends_on = None\n\ndef upgrade(:\n");
  ASSERT_TRUE(header);
  EXPECT_EQ(text_of(header->revision), "[a;]");
}

TEST(HeaderScan, SaysWhereTheValuesAre) {
  const std::string text = "revision = 'a'\ndown_revision = ('b', 'c')\n";
  const auto header = scan_header(text);
  ASSERT_TRUE(header);
  EXPECT_EQ(text.substr(header->down_revision->begin, header->down_revision->end - header->down_revision->begin),
            "('b', 'c')");
}

TEST(HeaderScan, TakesTheIdsOfAFileThatBreaksBehindThem) {
  const std::string header = "revision = 'a'\ndown_revision = ('b', 'c')\n";
  for (const char* body : {"op.execute('x)\n", "op.drop_table('t'))\n", "x = \"\"\"y\n"}) {
    SCOPED_TRACE(body);
    const auto taken = scan_broken_header(header + "def upgrade():\n    " + body);
    ASSERT_TRUE(taken);
    EXPECT_EQ(text_of(taken->revision), "[a;]");
    EXPECT_EQ(text_of(taken->down_revision), "[b;c;]");
  }
  EXPECT_FALSE(scan_broken_header("revision = 'a\ndown_revision = None\n")) << "the id itself is broken";
  EXPECT_FALSE(scan_broken_header("revision = 'a'\ndown_revision = 'b\n")) << "the parent is broken";
  EXPECT_FALSE(scan_broken_header("revision = 'a'\nx = ')\ndown_revision = None\n")) << "the parent comes later";
  EXPECT_FALSE(scan_broken_header(header + "x = 'y\ndepends_on = 'b'\n")) << "a dependency may come later";
  EXPECT_FALSE(scan_broken_header(header + "revision = 'c'\nx = 'y\n")) << "two ids";
}

TEST(HeaderScan, IsUnsureOfBrokenText) {
  EXPECT_FALSE(scan_header("revision = 'a\ndown_revision = None\n"));
  EXPECT_FALSE(scan_header("revision = 'a'\n)\ndown_revision = None\n"));
  EXPECT_FALSE(scan_header("\"\"\"never closed\nrevision = 'a'\n"));
}

TEST(CallArguments, FindsLiteralsOfConfigure) {
  const auto found = scan_call_arguments(
      "def run():\n    context.configure(\n        url=url, version_table='v', transaction_per_migration=True,\n"
      "        version_table_schema=SCHEMA, opts={'a': 1, 'version_table': 2}, x=f(version_table='no'),\n    )\n",
      "configure");
  std::string out;
  for (const auto& argument : found) out += argument.name + "=" + argument.value.value_or("?") + " ";
  EXPECT_EQ(out, "url=? version_table=v transaction_per_migration=True version_table_schema=? opts=? x=? ");
}

}  // namespace
}  // namespace bascule::formats::alembic
