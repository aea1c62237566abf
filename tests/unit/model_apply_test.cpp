#include "model/apply.h"

#include <gtest/gtest.h>

#include "model_support.h"

namespace bascule::model {
namespace {

using namespace model_test;  // NOLINT(google-build-using-namespace)

void must(Schema& schema, const Operation& operation) {
  const auto done = apply(schema, operation);
  ASSERT_TRUE(done) << problem_text(done.error());
}
const Table& table_of(const Schema& schema, const std::string& name) { return *find_table(schema, named(name)); }

TEST(ModelApply, ARenamedTableTakesItsReferencesAlong) {
  Schema schema = shop();
  must(schema, RenameTable{named("users"), id("people")});
  const auto& key = std::get<ForeignKey>(*find_constraint(table_of(schema, "orders"), id("orders_user_id_fkey")));
  EXPECT_EQ(key.referent, named("people"));
  EXPECT_NE(find_constraint(table_of(schema, "people"), id("users_pkey")), nullptr) << "names stay as they were";
}

TEST(ModelApply, UnqualifiedIsPublic) {
  Schema schema = shop();
  must(schema, DropTable{QualifiedName{id("public"), id("orders")}});
  EXPECT_EQ(schema.tables.size(), 1u);
  EXPECT_FALSE(apply(schema, DropTable{QualifiedName{id("other"), id("users")}}));
}

TEST(ModelApply, AMaterializedViewHasItsIndexes) {
  Schema schema;
  SchemaObject view;
  view.kind = ObjectKind::kMaterializedView;
  view.name = named("totals");
  must(schema, CreateObject{view});
  Index index;
  index.name = id("totals_id");
  must(schema, CreateIndex{named("totals"), index});
  ASSERT_EQ(schema.objects[0].indexes.size(), 1u);
  EXPECT_FALSE(apply(schema, CreateIndex{named("totals"), index})) << "it is there";
  must(schema, RenameObject{ObjectKind::kIndex, named("totals_id"), {}, id("totals_key"), ""});
  must(schema, DropIndex{std::nullopt, named("totals_key")});
  EXPECT_TRUE(schema.objects[0].indexes.empty());
}

TEST(ModelApply, ANotNullWithANameIsAConstraint) {
  Schema schema = shop();
  AlterColumn change;
  change.table = named("users");
  change.column = id("age");
  change.nullable = false;
  change.not_null = Column::NotNull{id("age_is_there"), true};
  must(schema, change);
  const auto age = [&] { return *find_column(table_of(schema, "users"), id("age")); };
  EXPECT_TRUE(!age().nullable && age().not_null->not_valid);
  must(schema, ValidateConstraint{named("users"), id("age_is_there")});
  EXPECT_FALSE(age().not_null->not_valid);
  must(schema, DropConstraint{named("users"), id("age_is_there")});
  EXPECT_TRUE(age().nullable);
}

TEST(ModelApply, ADroppedColumnTakesWhatHangsOnIt) {
  Schema schema = shop();
  must(schema, DropColumn{named("users"), id("age")});
  const Table& users = table_of(schema, "users");
  EXPECT_EQ(find_constraint(users, id("users_age_check")), nullptr);
  EXPECT_TRUE(users.indexes.empty());
  must(schema, DropColumn{named("users"), id("id"), false, true});
  EXPECT_EQ(find_constraint(table_of(schema, "orders"), id("orders_user_id_fkey")), nullptr) << "CASCADE";
}

TEST(ModelApply, ARenamedColumnIsRenamedEverywhere) {
  Schema schema = shop();
  AlterColumn rename;
  rename.table = named("users");
  rename.column = id("age");
  rename.new_name = id("years");
  must(schema, rename);
  const Table& users = table_of(schema, "users");
  EXPECT_EQ(std::get<TextExpr>(std::get<CheckConstraint>(*find_constraint(users, id("users_age_check"))).sql).sql,
            "years > 0");
  EXPECT_EQ(std::get<ColumnExpr>(users.indexes[0].elements[0].sql).column, id("years"));
  rename.column = id("id");
  rename.new_name = id("key");
  must(schema, rename);
  EXPECT_EQ(
      std::get<ForeignKey>(*find_constraint(table_of(schema, "orders"), id("orders_user_id_fkey"))).referent_columns,
      std::vector<Identifier>{id("key")});
}

TEST(ModelApply, APrimaryKeyIsNotNull) {
  Schema schema;
  CreateTable create;
  create.table.name = named("t");
  create.table.columns = {column("a"), column("b")};
  must(schema, create);
  must(schema, AddConstraint{named("t"), primary_on("t_pkey", {id("a")})});
  EXPECT_FALSE(table_of(schema, "t").columns[0].nullable);
  EXPECT_TRUE(table_of(schema, "t").columns[1].nullable);
  must(schema, DropConstraint{named("t"), id("t_pkey")});
  EXPECT_FALSE(table_of(schema, "t").columns[0].nullable) << "dropping the key leaves NOT NULL";
}

TEST(ModelApply, WhatIsNotThereIsAProblemAndChangesNothing) {
  Schema schema = shop();
  const Schema before = schema;
  for (const Operation& operation :
       {Operation(DropTable{named("nobody")}), Operation(DropColumn{named("users"), id("nobody")}),
        Operation(DropConstraint{named("users"), id("nobody")}),
        Operation(CreateIndex{named("nobody"), index("i", {})}), Operation(SetTableComment{named("nobody"), "x"}),
        Operation(DropEnum{named("nobody")}), Operation(AddConstraint{named("users"), unique("u", {id("nobody")})}),
        Operation(RawSql{"SELECT 1"})}) {
    EXPECT_FALSE(apply(schema, operation)) << operation_name(operation);
    EXPECT_EQ(schema, before) << operation_name(operation);
  }
  must(schema, DropTable{named("nobody"), true});
  const auto again = apply(schema, CreateTable{schema.tables[0]});
  ASSERT_FALSE(again);
  EXPECT_EQ(problem_text(again.error()), "there is a table users already");
}

TEST(ModelApply, ABatchIsAllOrNothing) {
  Schema schema = shop();
  const Schema before = schema;
  BatchAlter batch;
  batch.table = named("users");
  batch.items = {DropColumn{named("users"), id("age")}, DropColumn{named("users"), id("nobody")}};
  EXPECT_FALSE(apply(schema, batch));
  EXPECT_EQ(schema, before);
  batch.items.pop_back();
  must(schema, batch);
  EXPECT_EQ(table_of(schema, "users").columns.size(), 2u);
}

TEST(ModelApply, PartitionsFollowTheWhole) {
  Schema schema;
  CreateTable whole;
  whole.table.name = named("events");
  whole.table.columns = {column("at", "date")};
  whole.table.postgresql.partition_by = "RANGE (at)";
  must(schema, whole);
  CreateTable part;
  part.table.name = named("events_1");
  part.table.postgresql.partition_of = named("events");
  must(schema, part);
  AddColumn add;
  add.table = named("events");
  add.column = column("note");
  must(schema, add);
  EXPECT_EQ(table_of(schema, "events_1").columns.size(), 2u);
  must(schema, DetachPartition{named("events"), named("events_1")});
  must(schema, DropTable{named("events")});
  EXPECT_EQ(schema.tables.size(), 1u) << "a detached part stays";
}

TEST(ModelApply, EnumsAndObjects) {
  Schema schema;
  EnumType mood;
  mood.name = named("mood");
  mood.values = {"low", "high"};
  must(schema, CreateEnum{mood});
  must(schema, AddEnumValue{named("mood"), "middle", "high", ""});
  must(schema, RenameEnumValue{named("mood"), "low", "down"});
  EXPECT_EQ(schema.enums[0].values, (std::vector<std::string>{"down", "middle", "high"}));
  must(schema, CreateObject{view("v", "SELECT 1")});
  EXPECT_FALSE(apply(schema, CreateObject{view("v", "SELECT 2")}));
  must(schema, CreateObject{view("v", "SELECT 2"), true});
  EXPECT_EQ(schema.objects.size(), 1u);
  must(schema, CreateObject{view("w", "SELECT * FROM v")});
  must(schema, DropObject{ObjectKind::kView, named("v"), {}, "", false, true});
  EXPECT_TRUE(schema.objects.empty()) << "CASCADE takes the view on the view along";
}

}  // namespace
}  // namespace bascule::model
