#include "model/diff.h"

#include <gtest/gtest.h>

#include "model/apply.h"
#include "model_support.h"

namespace bascule::model {
namespace {

using namespace model_test;  // NOLINT(google-build-using-namespace)

std::vector<std::string> shown(const std::vector<Operation>& operations) {
  std::vector<std::string> lines;
  for (const Operation& operation : operations)
    lines.push_back(std::string(operation_name(operation)) + " " + operation_subject(operation));
  return lines;
}

/// from with the operations applied.
Schema applied(Schema from, const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) {
    const auto done = apply(from, operation);
    EXPECT_TRUE(done) << operation_name(operation) << " " << operation_subject(operation) << ": "
                      << problem_text(done.error());
  }
  return from;
}

TEST(ModelDiff, EqualSchemasDifferInNothing) { EXPECT_TRUE(diff(shop(), shop()).empty()); }

TEST(ModelDiff, MakesWhatOthersNeedFirst) {
  Schema schema = shop();
  std::swap(schema.tables[0], schema.tables[1]);
  EXPECT_EQ(shown(diff({}, schema)), (std::vector<std::string>{"create_table users", "create_table orders"}));
  EXPECT_EQ(shown(diff(schema, {})), (std::vector<std::string>{"drop_table orders", "drop_table users"}));
}

TEST(ModelDiff, CirclesOfKeysAreCutOpen) {
  Schema schema = shop();
  schema.tables[0].constraints.emplace_back(foreign_key("users_order_fkey", "age", "orders", "id"));
  EXPECT_EQ(sorted(applied({}, diff({}, schema))), sorted(schema));
  EXPECT_EQ(shown(diff(schema, {})), (std::vector<std::string>{"drop_constraint orders.orders_user_id_fkey",
                                                               "drop_table users", "drop_table orders"}));
}

TEST(ModelDiff, AViewOnAChangedTableIsMadeAgain) {
  Schema from = shop();
  from.objects = {view("v", "SELECT age FROM users"), view("w", "SELECT * FROM v")};
  Schema to = from;
  to.tables[0].columns[2].type = type("bigint");
  EXPECT_EQ(shown(diff(from, to)), (std::vector<std::string>{"drop_object w", "drop_object v", "alter_column users.age",
                                                             "create_object v", "create_object w"}));
}

TEST(ModelDiff, EnumValuesAreAddedInPlaceAndTakenByRemaking) {
  Schema from;
  from.enums.emplace_back();
  from.enums[0].name = named("mood");
  from.enums[0].values = {"a", "c"};
  Schema to = from;
  to.enums[0].values = {"a", "b", "c", "d"};
  EXPECT_EQ(shown(diff(from, to)), (std::vector<std::string>{"add_enum_value mood", "add_enum_value mood"}));
  EXPECT_EQ(sorted(applied(from, diff(from, to))), sorted(to));
  EXPECT_EQ(shown(diff(to, from)),
            (std::vector<std::string>{"rename_object mood", "create_enum mood", "drop_enum mood__old"}));
  EXPECT_EQ(sorted(applied(to, diff(to, from))), sorted(from));
}

TEST(ModelDiff, UnnamedConstraintsAreKnownByWhatTheySay) {
  Schema from = shop();
  for (Constraint& item : from.tables[0].constraints) set_constraint_name(item, Identifier());
  Schema to = from;
  EXPECT_TRUE(diff(from, to).empty());
  to.tables[0].constraints.emplace_back(check("", "age < 150"));
  EXPECT_EQ(shown(diff(from, to)), (std::vector<std::string>{"add_constraint users"}));
}

TEST(ModelDiff, LeadsFromAnySchemaToAnyOther) {
  for (std::uint32_t seed = 0; seed < 400; ++seed) {
    const Schema from = Generator(seed).schema();
    const Schema to = Generator(seed + 100000).schema();
    const std::vector<Operation> operations = diff(from, to);
    const Schema reached = applied(from, operations);
    ASSERT_EQ(sorted(reached), sorted(to)) << "seed " << seed << ": " << ::testing::PrintToString(shown(operations));
    ASSERT_TRUE(diff(reached, to).empty()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace bascule::model
