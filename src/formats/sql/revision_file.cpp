#include "formats/sql/revision_file.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "formats/sql_script.h"

namespace bascule::formats::sql {

namespace {

/// A line "-- key: value" of the header. value_begin: its offset in the file.
struct HeaderLine {
  std::string key;  ///< empty: a comment that is no such line
  std::string_view value;
  std::size_t begin = 0;
  std::size_t value_begin = 0;
};

const std::vector<std::string>& known_keys() {
  static const std::vector<std::string> kKeys = {"revision", "revises",     "branch-labels", "depends-on",
                                                 "message",  "create-date", "transaction"};
  return kKeys;
}

bool is_key(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-_") == std::string_view::npos;
}

/// The comment lines before the first statement or section.
std::vector<HeaderLine> header_of(std::string_view text) {
  std::vector<HeaderLine> out;
  std::size_t begin = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    const std::string_view bare = trim(line);
    if (!bare.empty()) {
      if (!bare.starts_with("--")) break;
      const std::string_view comment = trim(bare.substr(std::min(bare.find_first_not_of('-'), bare.size())));
      if (comment.starts_with("migrate:")) break;
      HeaderLine one;
      one.begin = begin;
      const std::size_t colon = comment.find(':');
      const std::string key = colon == std::string_view::npos ? "" : to_lower_ascii(trim(comment.substr(0, colon)));
      one.value = is_key(key) ? trim(comment.substr(colon + 1)) : comment;
      one.value_begin = one.value.empty() ? begin : static_cast<std::size_t>(one.value.data() - text.data());
      if (is_key(key)) one.key = replace_all(key, "_", "-");
      out.push_back(std::move(one));
    }
    begin = end + 1;
  }
  return out;
}

std::vector<std::string> names_of(std::string_view value) {
  std::vector<std::string> out;
  for (const std::string_view part : split(value, ',')) {
    const std::string_view name = trim(part);
    if (!name.empty()) out.emplace_back(name);
  }
  if (out.size() == 1 && (iequals_ascii(out[0], "none") || out[0] == "-")) out.clear();
  return out;
}

Location place(const SourceFilePtr& file, const HeaderLine& line) {
  return {file, {file->at(line.value_begin), file->at(line.value_begin + line.value.size())}};
}

bool says_off(std::string_view value) {
  return iequals_ascii(value, "off") || iequals_ascii(value, "false") || iequals_ascii(value, "no");
}

/// A line "-- transaction: off" in a section.
bool turns_transaction_off(std::string_view section) {
  for (std::string_view line : split(section, '\n')) {
    line = trim(line);
    if (!line.starts_with("--")) continue;
    line = trim(line.substr(2));
    constexpr std::string_view kWord = "transaction:";
    if (line.starts_with(kWord) && says_off(trim(line.substr(kWord.size())))) return true;
  }
  return false;
}

/// One "-- key: value" put to its place; a known key only.
void take(const HeaderLine& line, const SourceFilePtr& file, RevisionFile& out, Diagnostics& diagnostics) {
  graph::Revision& revision = out.revision;
  if (line.key == "revision") {
    revision.id = line.value;
    revision.location = place(file, line);
  } else if (line.key == "revises") {
    revision.down_revisions = names_of(line.value);
    revision.down_revisions_location = place(file, line);
  } else if (line.key == "branch-labels") {
    revision.branch_labels = names_of(line.value);
    revision.branch_labels_location = place(file, line);
  } else if (line.key == "depends-on") {
    revision.depends_on = names_of(line.value);
    revision.depends_on_location = place(file, line);
  } else if (line.key == "message") {
    revision.message = line.value;
  } else if (line.key == "create-date") {
    revision.create_date = std::string(line.value);
  } else if (line.key == "transaction" && !says_off(line.value) && !iequals_ascii(line.value, "on")) {
    diagnostics.add(wrong_at(file, line.value_begin, "invalid-revision-header", "transaction is on or off",
                             "write: -- transaction: off"));
  }
}

bool mentions(const std::vector<HeaderLine>& header, std::string_view key) {
  return std::any_of(header.begin(), header.end(), [&](const HeaderLine& line) { return line.key == key; });
}

}  // namespace

bool has_header(std::string_view text) { return mentions(header_of(text), "revision"); }

std::optional<RevisionFile> read_revision_file(const SourceFilePtr& file, Diagnostics& diagnostics) {
  const std::string_view text = file->text();
  const std::vector<HeaderLine> header = header_of(text);
  const std::vector<std::string>& keys = known_keys();
  RevisionFile out;
  out.revision.path = file->path();
  const std::size_t before = diagnostics.error_count();
  std::string_view comment;
  bool off = false;
  std::vector<std::string> seen;
  for (const HeaderLine& line : header) {
    const bool known = std::find(keys.begin(), keys.end(), line.key) != keys.end();
    if (known && std::find(seen.begin(), seen.end(), line.key) != seen.end()) {
      diagnostics.add(wrong_at(file, line.begin, "invalid-revision-header",
                               "the header says \"" + line.key + "\" twice", "leave one of them out"));
    } else if (known) {
      seen.push_back(line.key);
      take(line, file, out, diagnostics);
      if (line.key == "transaction") off = says_off(line.value);
    } else if (const auto meant = line.key.empty() ? std::nullopt : did_you_mean(line.key, keys)) {
      diagnostics.add(wrong_at(file, line.begin, "unknown-header", "the header has no \"" + line.key + "\"",
                               "did you mean \"" + *meant + "\"?"));
    } else if (comment.empty() && line.key.empty()) {
      comment = line.value;
    }
  }
  if (out.revision.message.empty()) out.revision.message = comment;
  for (const char* needed : {"revision", "revises"}) {
    // One mistake, one message: a key that was meant has been told.
    if (diagnostics.error_count() > before) break;
    const bool is_id = std::string_view(needed) == "revision";
    if (mentions(header, needed) && (!is_id || !out.revision.id.empty())) continue;
    diagnostics.add(wrong_at(file, 0, "incomplete-revision-header",
                             file->path() + " does not say its " + (is_id ? "revision" : "\"revises\""),
                             is_id ? "add the line: -- revision: ID (or move the file out of the folder)"
                                   : "add the line: -- revises: PARENT (none for the first one)"));
  }
  if (diagnostics.error_count() > before) return std::nullopt;
  const std::vector<SectionMark> marks = section_marks(text);
  for (std::size_t i = 0; i < marks.size(); ++i) {
    std::optional<Section>& section = marks[i].direction == model::Direction::kUpgrade ? out.up : out.down;
    if (section) continue;
    const Stretch stretch = section_below(file, marks, i);
    const std::string_view body = text.substr(stretch.begin, stretch.end - stretch.begin);
    section = Section{stretch.begin, stretch.end,
                      off || without_transaction(marks[i].options) || turns_transaction_off(body)};
  }
  return out;
}

Diagnostics check_sections(const SourceFilePtr& file) {
  Diagnostics out;
  const std::string_view text = file->text();
  const std::vector<SectionMark> marks = section_marks(text);
  const std::size_t first = marks.empty() ? text.size() : marks.front().line_begin;
  const std::size_t begin = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  if (const std::size_t at = find_text_before(text.substr(begin), first - begin); at != std::string_view::npos)
    out.add(wrong_at(file, begin + at, "statement-outside-section",
                     file->path() + " has a statement before its first section", "write \"-- migrate:up\" above it"));
  std::size_t ups = 0;
  std::size_t downs = 0;
  for (const SectionMark& mark : marks) {
    std::size_t& count = mark.direction == model::Direction::kUpgrade ? ups : downs;
    if (++count == 2)
      out.add(wrong_at(file, mark.line_begin, "several-sections", "this section is here for the second time",
                       "write its statements into the first one"));
  }
  if (ups == 0 && !out.has_errors()) out.add(no_way_up(file));
  return out;
}

std::string revision_text(const NewRevision& revision) {
  // A line end would end the comment.
  const auto line = [](const char* key, const std::string& value) {
    const std::string one = replace_all(replace_all(value, "\r", " "), "\n", " ");
    return std::string("-- ") + key + ":" + (one.empty() ? "" : " " + one) + "\n";
  };
  std::string out = line("revision", revision.id);
  out += line("revises", revision.down_revisions.empty() ? "none" : join(revision.down_revisions, ", "));
  if (!revision.branch_labels.empty()) out += line("branch-labels", join(revision.branch_labels, ", "));
  if (!revision.depends_on.empty()) out += line("depends-on", join(revision.depends_on, ", "));
  if (!revision.message.empty()) out += line("message", revision.message);
  out += line("create-date", revision.create_date);
  return out + "\n-- migrate:up\n\n\n-- migrate:down\n\n";
}

}  // namespace bascule::formats::sql
