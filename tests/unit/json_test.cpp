#include "base/json.h"

#include <gtest/gtest.h>

#include <string>

namespace bascule {
namespace {

TEST(Json, IsWrittenOverLinesAndInOne) {
  Json inner = Json::object();
  inner.set("list", std::vector<std::string>{"a", "b"}).set("none", Json()).set("empty", Json::array());
  Json value = Json::object();
  value.set("n", 7).set("x", 1.5).set("yes", true).set("in", inner).set("object", Json::object());
  EXPECT_EQ(value.dump(),
            "{\n"
            "  \"n\": 7,\n"
            "  \"x\": 1.5,\n"
            "  \"yes\": true,\n"
            "  \"in\": {\n"
            "    \"list\": [\n"
            "      \"a\",\n"
            "      \"b\"\n"
            "    ],\n"
            "    \"none\": null,\n"
            "    \"empty\": []\n"
            "  },\n"
            "  \"object\": {}\n"
            "}\n");
  EXPECT_EQ(value.line(), R"({"n":7,"x":1.5,"yes":true,"in":{"list":["a","b"],"none":null,"empty":[]},"object":{}})");
}

TEST(Json, SetAgainReplacesInPlace) {
  Json value = Json::object();
  value.set("a", 1).set("b", 2).set("a", std::string("three"));
  EXPECT_EQ(value.line(), R"({"a":"three","b":2})");
}

TEST(Json, EscapesWhatItMust) {
  EXPECT_EQ(Json(std::string("\"\\/\b\f\n\r\t\x01\x1f\x7f")).line(), "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\"");
  EXPECT_EQ(Json(std::string("a\0b", 3)).line(), R"("a\u0000b")");
  EXPECT_EQ(Json("größe €").line(), "\"größe €\"");
}

TEST(Json, ReplacesWhatIsNotUtf8) { EXPECT_EQ(Json(std::string("a\xff\"")).line(), "\"a\xEF\xBF\xBD\\\"\""); }

TEST(Json, IsNoNumberThatIsNone) { EXPECT_EQ(Json(0.0 / 0.0).line(), "null"); }

TEST(Json, CopiesAreTheirOwn) {
  Json one = Json::array();
  one.push(1);
  Json two = one;
  two.push(2);
  EXPECT_EQ(one.line(), "[1]");
  EXPECT_EQ(two.line(), "[1,2]");
}

}  // namespace
}  // namespace bascule
