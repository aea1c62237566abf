#include "formats/alembic/evaluate_revision.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>

#include "base/file.h"
#include "base/text.h"
#include "formats/alembic/guarded.h"
#include "formats/alembic/injected_arguments.h"
#include "syntax/python/ast.h"

namespace bascule::formats::alembic {
namespace {

namespace py = syntax::python;

Diagnostic diagnostic(std::string code, std::string message, Location location = {}, std::string help = "") {
  Diagnostic out;
  out.code = std::move(code);
  out.message = std::move(message);
  out.location = std::move(location);
  out.help = std::move(help);
  return out;
}

bool is_ascii(std::string_view text) {
  std::uint64_t seen = 0;
  std::size_t i = 0;
  for (; i + sizeof seen <= text.size(); i += sizeof seen) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, sizeof word);
    seen |= word;
  }
  for (; i < text.size(); ++i) seen |= static_cast<unsigned char>(text[i]);
  return (seen & 0x8080808080808080ULL) == 0;
}

/// Where a name is first assigned at the top level.
Span assignment_of(const py::Module& module, std::string_view name) {
  const auto is_name = [&](const py::ExprPtr& expression) {
    const auto* held = expression ? std::get_if<py::Name>(&expression->node) : nullptr;
    return held != nullptr && held->id == name;
  };
  for (const py::Stmt& statement : module.body) {
    if (const auto* assign = std::get_if<py::Assign>(&statement.node)) {
      for (const py::ExprPtr& target : assign->targets)
        if (is_name(target)) return statement.span;
    }
    if (const auto* assign = std::get_if<py::AnnAssign>(&statement.node); assign != nullptr && is_name(assign->target))
      return statement.span;
  }
  return {};
}

const py::FunctionDef* find_function(const py::Module& module, std::string_view name) {
  const py::FunctionDef* found = nullptr;
  for (const py::Stmt& statement : module.body)
    if (const auto* function = std::get_if<py::FunctionDef>(&statement.node);
        function != nullptr && function->name == name)
      found = function;
  return found;
}

/// A parameter that env.py would fill, as bascule.toml describes it.
Value injected(const std::string& name, const std::string& function, const Location& where,
               const Evaluator& evaluator) {
  if (evaluator.arguments != nullptr) {
    const auto described = evaluator.arguments->find(name);
    if (described != evaluator.arguments->end())
      return make_injected(evaluator.modules.context(), described->second, name);
  }
  return make_opaque(name, injected_cause(function), where);
}

/// What to do about a parameter that nobody has described.
Diagnostics with_advice(const Diagnostics& diagnostics) {
  Diagnostics out;
  for (Diagnostic one : diagnostics.list()) {
    if (auto advice = injected_advice(one)) one.help = std::move(*advice);
    out.add(std::move(one));
  }
  return out;
}

/// Parameters that env.py would fill: op is ours, of the rest only what bascule.toml says is known.
evaluate::Arguments arguments_for(const py::FunctionDef& function, const Location& where, const Evaluator& evaluator) {
  evaluate::Arguments arguments;
  arguments.where = where;
  for (const py::Parameter& parameter : function.parameters) {
    if (parameter.default_value != nullptr || parameter.kind == py::ParameterKind::kVarArgs ||
        parameter.kind == py::ParameterKind::kKwArgs)
      continue;
    Value value = evaluator.modules.op();
    if (parameter.name != "op") value = injected(parameter.name, function.name, where, evaluator);
    if (parameter.kind == py::ParameterKind::kKeywordOnly)
      arguments.keywords.emplace_back(parameter.name, value);
    else
      arguments.positional.push_back(value);
  }
  return arguments;
}

/// str, None, or a sequence of str.
std::optional<std::vector<std::string>> texts_of(const Value& value) {
  std::vector<std::string> out;
  if (value.is_none()) return out;
  if (const std::string* text = value.as_str()) return std::vector<std::string>{*text};
  const std::vector<Value>* items = value.as_sequence();
  if (items == nullptr && value.as_set() != nullptr) items = &value.as_set()->items();
  if (items == nullptr) return std::nullopt;
  for (const Value& item : *items) {
    if (item.as_str() == nullptr) return std::nullopt;
    out.push_back(*item.as_str());
  }
  return out;
}

Result<std::optional<HeaderField>, Diagnostic> header_field(const evaluate::Interpreter& interpreter,
                                                            const py::Module& module, const SourceFilePtr& file,
                                                            const char* name) {
  const auto value = interpreter.global(name);
  if (!value) return std::optional<HeaderField>();
  const Span span = assignment_of(module, name);
  auto texts = texts_of(*value);
  if (!texts || (std::string_view(name) == "revision" && texts->size() != 1))
    return failure(diagnostic("invalid-revision-header",
                              std::string(name) + " must be a str" +
                                  (std::string_view(name) == "revision" ? "" : ", a tuple of them, or None") +
                                  ", not " + evaluate::type_name(*value),
                              {file, span}));
  return std::optional<HeaderField>(HeaderField{std::move(*texts), span.begin.offset, span.end.offset});
}

}  // namespace

Result<SourceFilePtr, Diagnostic> read_source(const std::string& path) {
  auto text = read_file(path);
  if (!text) {
    return failure(diagnostic("unreadable-file", text.error().message, {},
                              text.error().error_number == EACCES ? "make it readable: chmod u+r " + path : ""));
  }
  if (!is_ascii(*text)) {
    if (const auto bad = invalid_utf8(*text)) {
      const auto line = 1 + std::count(text->begin(), text->begin() + static_cast<std::ptrdiff_t>(*bad), '\n');
      return failure(diagnostic("not-utf8", "cannot read " + path + ": line " + std::to_string(line) + " is not UTF-8",
                                {}, "save the file as UTF-8"));
    }
  }
  return std::make_shared<const SourceFile>(path, std::move(*text));
}

Result<Header, Diagnostic> evaluate_header(const SourceFilePtr& file, const Evaluator& evaluator) {
  BASCULE_TRY_ASSIGN(const py::Module module, py::parse(file));
  evaluator.modules.begin("", EvaluationTarget{"sqlite", true});
  evaluate::Interpreter interpreter(file, module, evaluator.modules, evaluator.environment, evaluator.limits);
  BASCULE_TRY(interpreter.run_module());
  Header header;
  BASCULE_TRY_ASSIGN(header.revision, header_field(interpreter, module, file, "revision"));
  BASCULE_TRY_ASSIGN(header.down_revision, header_field(interpreter, module, file, "down_revision"));
  BASCULE_TRY_ASSIGN(header.branch_labels, header_field(interpreter, module, file, "branch_labels"));
  BASCULE_TRY_ASSIGN(header.depends_on, header_field(interpreter, module, file, "depends_on"));
  if (module.docstring) read_docstring(*module.docstring, header);
  return header;
}

namespace {

enum class Mode { kWhole, kToTheFirstRows };

bool is_rows_trouble(const Diagnostic& diagnostic) {
  return diagnostic.code == kNeedsDatabase ||
         (diagnostic.code == "opaque-value" && diagnostic.cause.find(kRowsCause) != std::string::npos);
}

/// Behind the first place that needs rows, an exception of the module's own may only follow from their absence.
bool only_rows_are_missing(const Diagnostics& diagnostics) {
  bool seen = false;
  for (const Diagnostic& one : diagnostics.list()) {
    if (one.severity != Severity::kError) continue;
    if (!is_rows_trouble(one) && !(seen && one.code == "python-exception")) return false;
    seen = true;
  }
  return true;
}

/// "the result of connection.execute", from a diagnostic of rows_trouble.
std::string what_is_needed(const Diagnostic& diagnostic) {
  if (diagnostic.code == kNeedsDatabase)
    return diagnostic.message.substr(0, diagnostic.message.find(" needs the database"));
  const auto begin = diagnostic.cause.find('`');
  const auto end = begin == std::string::npos ? begin : diagnostic.cause.find('`', begin + 1);
  return end == std::string::npos ? "rows" : diagnostic.cause.substr(begin + 1, end - begin - 1);
}

/// For a script, which has no rows: what needs them, said in one way.
Diagnostics without_database(const Diagnostics& diagnostics) {
  Diagnostics out;
  for (const Diagnostic& one : diagnostics.list()) {
    Diagnostic said = one;
    if (one.severity == Severity::kError && is_rows_trouble(one)) {
      said.code = kNeedsDatabase;
      said.message = what_is_needed(one) + " needs the database, and a script has none";
      said.cause = kRowsCause;
      said.help = "run it on the database with `bascule upgrade`, or write this step in SQL";
    }
    out.add(std::move(said));
  }
  return out;
}

Diagnostic rolled_back(const Location& where) {
  return diagnostic("rolled-back-revision", "the migration rolled its own transaction back and went on", where,
                    "raise the error again behind rollback(), or use `with bind.begin_nested():` for what may fail");
}

/// Where an `except` decides what happens when an operation fails, nothing is certain from that operation on.
void depend_on_failures(const py::Module& module, Evaluation& evaluation) {
  const std::vector<Span> guarded = guarded_by_except(module);
  const auto is_guarded = [&](const model::AuthoredOperation& operation) {
    return std::any_of(guarded.begin(), guarded.end(), [&](const Span& span) {
      const auto at = operation.where.span.begin.offset;
      return span.begin.offset <= at && at < span.end.offset;
    });
  };
  const auto first = std::find_if(evaluation.operations.begin(), evaluation.operations.end(), is_guarded);
  if (first == evaluation.operations.end()) return;
  evaluation.needs_rows = RowsNeeded{first->where, "whether " + first->written_as + " succeeds"};
  evaluation.operations.erase(first, evaluation.operations.end());
}

Evaluation evaluate_once(const SourceFilePtr& file, const std::string& revision, model::Direction direction,
                         const EvaluationTarget& target, const Evaluator& evaluator, Mode mode) {
  Evaluation out;
  std::optional<ParsedModule> own;
  const ParsedModule& module = evaluator.ahead ? evaluator.ahead->module_of(file) : own.emplace(py::parse(file));
  if (!module) {
    out.diagnostics.add(module.error());
    return out;
  }
  Modules& modules = evaluator.modules;
  modules.begin(revision, target);
  evaluate::Limits limits = evaluator.limits;
  // A loop over a table's rows takes as long as it takes; the user can stop it.
  if (target.live != nullptr) limits.steps = std::numeric_limits<std::int64_t>::max() / 8;
  evaluate::Interpreter interpreter(file, *module, modules, evaluator.environment, limits);
  auto ran = interpreter.run_module();
  if (!ran) {
    out.diagnostics.add(std::move(ran.error()));
    return out;
  }
  const std::string name = direction == model::Direction::kUpgrade ? "upgrade" : "downgrade";
  if (!interpreter.global(name)) {
    out.diagnostics.add(
        diagnostic("no-" + name + "-function", "revision '" + revision + "' has no function " + name + "()",
                   {file, assignment_of(*module, "revision")}, "add one: def " + name + "() -> None: pass"));
    return out;
  }
  evaluate::Arguments arguments;
  if (const py::FunctionDef* function = find_function(*module, name))
    arguments = arguments_for(*function, Location{file, {}}, evaluator);
  Recorder& recorder = modules.context().recorder;
  const bool live = target.live != nullptr;
  // What has been done cannot be gone on behind: with a live database the first error is the last.
  Diagnostics* const passed = live || mode == Mode::kToTheFirstRows ? nullptr : &out.diagnostics;
  auto called = interpreter.call_global(name, std::move(arguments), passed);
  if (!called) out.diagnostics.add(std::move(called.error()));
  if (live && called && recorder.broken_at()) out.diagnostics.add(rolled_back(*recorder.broken_at()));
  out.diagnostics.append(recorder.warnings());
  out.operations = recorder.take();
  if (!live && !target.offline && !out.diagnostics.has_errors()) depend_on_failures(*module, out);
  return out;
}

/// The same up to the place that first needs rows.
Evaluation until_rows(const SourceFilePtr& file, const std::string& revision, model::Direction direction,
                      const EvaluationTarget& target, const Evaluator& evaluator) {
  Evaluation certain = evaluate_once(file, revision, direction, target, evaluator, Mode::kToTheFirstRows);
  Evaluation out;
  out.operations = std::move(certain.operations);
  for (const Diagnostic& one : certain.diagnostics.list()) {
    if (one.severity != Severity::kError) {
      out.diagnostics.add(one);
    } else if (!out.needs_rows) {
      out.needs_rows = RowsNeeded{one.location, what_is_needed(one)};
    }
  }
  return out;
}

}  // namespace

Evaluation evaluate_file(const SourceFilePtr& file, const std::string& revision, model::Direction direction,
                         const EvaluationTarget& target, const Evaluator& evaluator) {
  Evaluation out = evaluate_once(file, revision, direction, target, evaluator, Mode::kWhole);
  if (!out.diagnostics.has_errors()) return out;
  if (target.live == nullptr && !target.offline && only_rows_are_missing(out.diagnostics))
    return until_rows(file, revision, direction, target, evaluator);
  out.operations.clear();
  if (target.offline) out.diagnostics = without_database(out.diagnostics);
  out.diagnostics = with_advice(out.diagnostics);
  return out;
}

std::string sql_file_path(const std::string& python_path, model::Direction direction) {
  std::string stem = python_path;
  if (stem.ends_with(".py")) stem.resize(stem.size() - 3);
  return stem + (direction == model::Direction::kUpgrade ? ".up.sql" : ".down.sql");
}

Evaluation evaluate_sql_file(const std::string& path) {
  Evaluation out;
  auto file = read_source(path);
  if (!file) {
    out.diagnostics.add(std::move(file.error()));
    return out;
  }
  std::string_view text = (*file)->text();
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.find('\0') != std::string_view::npos) {
    out.diagnostics.add(diagnostic("nul-in-file", "cannot read " + path + ": it holds a NUL character",
                                   {*file, {(*file)->at(text.find('\0')), (*file)->at(text.find('\0'))}}));
    return out;
  }
  // A file of comments alone says that there is nothing to do.
  bool says_something = false;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (!line.empty() && !line.starts_with("--")) says_something = true;
  }
  if (says_something) {
    const Location whole{*file, {(*file)->at(0), (*file)->at(text.size())}};
    out.operations.push_back({model::RawSql{std::string(text)}, whole, path, false});
  }
  return out;
}

}  // namespace bascule::formats::alembic
