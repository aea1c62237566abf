// Naming conventions. Expected names were measured with SQLAlchemy 2.1 and 1.4 (they agree).
#include <gtest/gtest.h>

#include "model/naming.h"

namespace bascule::model {
namespace {

const NamingConvention kConvention = {{"ix", "ix_%(table_name)s_%(column_0_N_name)s"},
                                      {"uq", "uq_%(table_name)s_%(column_0_name)s"},
                                      {"ck", "ck_%(table_name)s_%(constraint_name)s"},
                                      {"fk", "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"},
                                      {"pk", "pk_%(table_name)s"}};

NamingSubject subject(const std::string& kind, const std::string& table, const std::vector<std::string>& columns) {
  NamingSubject out;
  out.kind = kind;
  out.table.name = Identifier(table);
  for (const std::string& column : columns) out.columns.push_back({column, column});
  out.referred_table = "u";
  out.referred_columns = {"id"};
  return out;
}

std::string name(const NamingConvention& convention, const NamingSubject& about, const std::string& given = "",
                 bool final = false, std::size_t limit = 63) {
  const auto made = final_name(convention, about, {Identifier(given), final}, limit);
  return made ? made->text() : "!" + made.error().message;
}

TEST(Naming, Conventions) {
  EXPECT_EQ(name(kConvention, subject("uq", "t", {"a", "b"})), "uq_t_a");
  EXPECT_EQ(name(kConvention, subject("ix", "t", {"a", "b"})), "ix_t_a_b");
  EXPECT_EQ(name(kConvention, subject("fk", "t", {"a"})), "fk_t_a_u");
  EXPECT_EQ(name(kConvention, subject("pk", "t", {"a"})), "pk_t");
  EXPECT_EQ(name(kConvention, subject("ck", "t", {}), "pos"), "ck_t_pos");
  EXPECT_EQ(name(kConvention, subject("ck", "t", {}), "pos", true), "pos");
  EXPECT_EQ(name(kConvention, subject("uq", "t", {"a"}), "mine"), "mine");
  EXPECT_EQ(name(kConvention, subject("", "t", {"a"})), "");
}

TEST(Naming, DefaultsToSqlalchemysIndexNames) {
  NamingSubject about = subject("ix", "t", {"a", "b"});
  EXPECT_EQ(name({}, about), "ix_t_a");
  about.table.schema = Identifier("sch");
  EXPECT_EQ(name({}, about), "ix_sch_t_a");
  EXPECT_EQ(name({}, subject("uq", "t", {"a"})), "");
}

TEST(Naming, Tokens) {
  const NamingSubject about = subject("uq", "t", {"a", "b"});
  EXPECT_EQ(name({{"uq", "%(column_0N_name)s"}}, about), "ab");
  EXPECT_EQ(name({{"uq", "%(column_1_name)s-%(column_0_key)s-%(column_0_label)s%%"}}, about), "b-a-t_a%");
  EXPECT_EQ(name({{"uq", "x%(column_5_name)s"}}, about), "x");
  EXPECT_EQ(name({{"fk", "%(referred_column_0_name)s"}}, subject("fk", "t", {"a"})), "id");
  EXPECT_EQ(name({{"uq", "%(nothing)s"}}, about)[0], '!');
}

TEST(Naming, RequiresANameWhereTheConventionUsesIt) { EXPECT_EQ(name(kConvention, subject("ck", "t", {}))[0], '!'); }

TEST(Naming, LongNames) {
  const std::string table(40, 't');
  EXPECT_EQ(name(kConvention, subject("ix", table, {"abcdefghijkl", "abcdefghijklmnopqrstuvxyz"})),
            "ix_tttttttttttttttttttttttttttttttttttttttt_abcdefghijk_3cf2");
  EXPECT_EQ(name({}, subject("ix", "t", {"a"}), std::string(70, 'x'), true), std::string(55, 'x') + "_eedd");
  EXPECT_EQ(name({}, subject("ix", "t", {"a"}), std::string(70, 'x'))[0], '!');
  EXPECT_EQ(name({}, subject("ix", "t", {"a"}), std::string(70, 'x'), false, 0), std::string(70, 'x'));
}

TEST(Naming, Md5) {
  EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(md5_hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(md5_hex(std::string(80, '1')), md5_hex(std::string(80, '1')));
  EXPECT_EQ(md5_hex("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
            "57edf4a22be3c955ac49da2e2107b67a");
}

}  // namespace
}  // namespace bascule::model
