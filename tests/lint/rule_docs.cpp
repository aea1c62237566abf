// Writes the pages of docs/rules/ from the rules' records, and takes away pages of rules that are gone.
// Usage: bascule_rule_docs FOLDER           (make docs)
//        bascule_rule_docs --check FOLDER   says which pages are stale and writes nothing; exit 1 if there are any
#include <filesystem>
#include <iostream>
#include <map>
#include <string>

#include "base/file.h"
#include "report/lint.h"

namespace {

namespace fs = std::filesystem;

/// File name to text.
std::map<std::string, std::string> pages() {
  std::map<std::string, std::string> all{{"README.md", bascule::report::rule_index_markdown()}};
  for (const bascule::safety::Rule* rule : bascule::safety::all_rules())
    all[std::string(rule->id) + ".md"] = bascule::report::rule_markdown(*rule);
  return all;
}

int fail(const std::string& why) {
  std::cerr << "rule_docs: " << why << '\n';
  return 2;
}

}  // namespace

int main(int count, char** words) {
  const bool check = count > 2 && std::string(words[1]) == "--check";
  if (count != (check ? 3 : 2)) return fail("usage: bascule_rule_docs [--check] FOLDER");
  const fs::path folder = words[count - 1];
  std::error_code error;
  if (!check) fs::create_directories(folder, error);
  if (!fs::is_directory(folder)) return fail(folder.string() + " is no folder");

  const auto wanted = pages();
  int stale = 0;
  for (const auto& [name, text] : wanted) {
    const std::string path = (folder / name).string();
    const auto there = bascule::read_file(path);
    if (there && *there == text) continue;
    ++stale;
    std::cout << path << (check ? " is stale: run make docs\n" : "\n");
    if (check) continue;
    const auto written = bascule::write_file_atomically(path, text);
    if (!written) return fail(written.error().message);
  }
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (wanted.count(entry.path().filename().string()) > 0) continue;
    ++stale;
    std::cout << entry.path().string() << (check ? " is of no rule: run make docs\n" : " taken away\n");
    if (!check) fs::remove(entry.path());
  }
  return check && stale > 0 ? 1 : 0;
}
