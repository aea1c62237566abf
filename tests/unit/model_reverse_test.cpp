#include "model/reverse.h"

#include <gtest/gtest.h>

#include "dialects/postgres/postgres.h"
#include "model/apply.h"
#include "model/diff.h"
#include "model_support.h"

namespace bascule::model {
namespace {

using namespace model_test;  // NOLINT(google-build-using-namespace)

Schema applied(Schema schema, const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) {
    const auto done = apply(schema, operation);
    EXPECT_TRUE(done) << operation_name(operation) << ": " << problem_text(done.error());
  }
  return schema;
}

AddColumn addition(const std::string& table, Column what) {
  AddColumn add;
  add.table = named(table);
  add.column = std::move(what);
  return add;
}

void expect_way_back(const std::vector<Operation>& operations) {
  const Schema before = shop();
  const Reversal back = reverse(operations, before);
  EXPECT_EQ(sorted(applied(applied(before, operations), back.operations)), sorted(before));
}

TEST(ModelReverse, StructureComesBack) {
  AlterColumn change;
  change.table = named("users");
  change.column = id("age");
  change.new_name = id("years");
  change.type = type("bigint");
  change.nullable = false;
  change.server_default = DefaultChange(text("1"));
  expect_way_back({change});
  expect_way_back({RenameTable{named("users"), id("people")}, addition("people", column("x")),
                   DropIndex{std::nullopt, named("ix_users_age")}});
  expect_way_back({DropColumn{named("users"), id("age")}, DropTable{named("orders")}});
  expect_way_back({DropConstraint{named("orders"), id("orders_user_id_fkey")},
                   CreateIndex{named("orders"), index("ix", {"user_id"})},
                   RenameConstraint{named("users"), id("users_pkey"), id("pk_users")},
                   SetTableComment{named("users"), "people"}, CreateObject{view("v", "SELECT 1")}});
}

TEST(ModelReverse, SaysWhatIsLost) {
  CreateTable create;
  create.table.name = named("t");
  create.table.columns = {column("a")};
  const Reversal back = reverse(
      {create, addition("t", column("b")), addition("users", column("c")), RenameTable{named("users"), id("people")}},
      shop());
  EXPECT_EQ(back.losses, (std::vector<DataLoss>{{named("t"), {}}, {named("people"), id("c")}}))
      << "a new table's columns go with it; names are those of the moment before the way back";
  EXPECT_TRUE(back.gaps.empty());
}

TEST(ModelReverse, SaysWhatCannotBeUndone) {
  const Reversal back =
      reverse({DropColumn{named("users"), id("age")}, RawSql{"VACUUM"}, TruncateTables{{named("orders")}}}, shop());
  ASSERT_EQ(back.gaps.size(), 3u);
  EXPECT_EQ(back.gaps[0].reason, "the values of users.age are gone");
  EXPECT_TRUE(back.gaps[0].structure_returns);
  EXPECT_EQ(back.gaps[1].operation, 1u);
  EXPECT_FALSE(back.gaps[1].structure_returns);
  EXPECT_EQ(back.operations.size(), 3u) << "the column, its check and its index";
}

TEST(ModelReverse, WhatWasMadeAndDroppedHereIsNoLoss) {
  const Reversal back = reverse({addition("users", column("b")), DropColumn{named("users"), id("b")}}, shop());
  EXPECT_TRUE(back.losses.empty());
  EXPECT_TRUE(back.gaps.empty());
}

TEST(ModelReverse, AColumnThatGoesDoesNotChangeBefore) {
  AlterColumn change;
  change.table = named("users");
  change.column = id("b");
  change.nullable = false;
  const auto names = [](const std::vector<Operation>& operations) {
    std::string out;
    for (const Operation& one : reverse(operations, shop()).operations) out += std::string(operation_name(one)) + " ";
    return out;
  };
  EXPECT_EQ(names({addition("users", column("b")), change}), "drop_column ");
  change.column = id("age");
  EXPECT_EQ(names({addition("users", column("b")), change}), "alter_column drop_column ");
  AlterColumn rename;
  rename.table = named("users");
  rename.column = id("b");
  rename.new_name = id("c");
  EXPECT_EQ(names({addition("users", column("b")), rename}), "alter_column drop_column ");
}

TEST(ModelReverse, ABatchComesBackAsOne) {
  BatchAlter batch;
  batch.table = named("users");
  batch.recreate = Recreate::kAlways;
  batch.items = {addition("users", column("b")), DropColumn{named("users"), id("age")}};
  const Reversal back = reverse({batch}, shop());
  ASSERT_EQ(back.operations.size(), 1u);
  EXPECT_EQ(std::get<BatchAlter>(back.operations[0]).recreate, Recreate::kAlways);
  EXPECT_EQ(sorted(applied(applied(shop(), {batch}), back.operations)), sorted(shop()));
}

TEST(ModelReverse, UnnamedConstraintsGoByTheServersNames) {
  const Completion complete = [](Schema& schema, const Operation& operation) {
    dialects::postgres_dialect().complete(schema, operation);
  };
  const Reversal back = reverse({AddConstraint{named("users"), unique("", {id("age")})}}, shop(), complete);
  ASSERT_EQ(back.operations.size(), 1u);
  EXPECT_EQ(std::get<DropConstraint>(back.operations[0]).name, id("users_age_key"));
}

TEST(ModelReverse, IndexesBuiltConcurrentlyGoConcurrently) {
  CreateIndex create{named("orders"), index("ix", {"user_id"})};
  create.index.postgresql.concurrently = true;
  const Reversal back = reverse({create}, shop());
  ASSERT_EQ(back.operations.size(), 1u);
  EXPECT_TRUE(std::get<DropIndex>(back.operations[0]).concurrently);
}

/// For any change the way back leads to where it began.
TEST(ModelReverse, LeadsBackFromAnywhere) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    const Schema before = Generator(seed).schema();
    const std::vector<Operation> there = diff(before, Generator(seed + 100000).schema());
    if (std::any_of(there.begin(), there.end(),
                    [](const Operation& one) { return std::holds_alternative<AddEnumValue>(one); }))
      continue;  // cannot be undone
    const Reversal back = reverse(there, before);
    ASSERT_EQ(sorted(applied(applied(before, there), back.operations)), sorted(before)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace bascule::model
