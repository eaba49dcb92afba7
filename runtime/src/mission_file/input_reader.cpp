#include "mission_file/input_reader.hpp"

#include "mission_file/glob.hpp"
#include "troupe/protocol/json.hpp"
#include "troupe/protocol/mission_check.hpp"
#include "troupe/protocol/nearest.hpp"
#include "troupe/protocol/schema_check.hpp"
#include "yaml/as_json.hpp"
#include "yaml/file.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace troupe::mission_file {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t inputs_max = 100;
constexpr std::size_t files_max = 1'000;
constexpr std::size_t bytes_max = protocol::mission_limits{}.inputs_bytes;

struct named_file {
  std::string title;
  std::string text;
};

class input_reader {
public:
  input_reader(const read_context& where, std::size_t& bytes)
      : where_{where}, bytes_{bytes} {}

  input_draft read(const yaml::node& key, const yaml::node& value,
                   const std::string* replacement) {
    draft_.name = key.text;
    if (!protocol::is_name(key.text))
      where_.found.add(key, "bad name of an input " + yaml::in_quotes(key.text)
                                + "; letters, digits, '-', '_' and '.' only");
    yaml::mapping fields{value, where_.found};
    const auto* file = fields.any("file");
    const auto* files = fields.any("files");
    const auto* text = fields.any("text");
    const auto sources = (file != nullptr ? 1 : 0) + (files != nullptr ? 1 : 0)
                         + (text != nullptr ? 1 : 0);
    if (replacement != nullptr)
      take_replacement(*replacement, files != nullptr, key);
    else if (sources != 1)
      where_.found.add(value, "the input " + yaml::in_quotes(key.text)
                                  + " needs one of 'file', 'files' or 'text'");
    else
      read_source(fields, file, files);
    read_split(fields, value);
    if (const auto* schema = fields.map("schema"))
      check_form(*schema);
    fields.finish();
    return std::move(draft_);
  }

private:
  void read_source(yaml::mapping& fields, const yaml::node* file,
                   const yaml::node* files) {
    if (file == nullptr && files == nullptr) {
      std::string text;
      fields.text("text", text);
      take_text({"", std::move(text)}, *fields.at().find("text"));
    } else if (!where_.files_allowed) {
      where_.found.add(file != nullptr ? *file : *files,
                       "no files are read for a mission that came as text");
    } else if (file != nullptr) {
      std::string path;
      fields.text("file", path);
      if (!path.empty())
        take_file(where_.folder / path, path, *file);
    } else {
      std::vector<std::string> patterns;
      fields.texts("files", patterns);
      draft_.has_pieces = true;
      if (files->kind == yaml::node_kind::sequence && files->items.empty())
        where_.found.add(*files, "'files' names no file");
      for (std::size_t i = 0; i < patterns.size(); ++i)
        take_files(patterns[i],
                   files->items.empty() ? *files : files->items[i]);
    }
  }

  void take_text(named_file read, const yaml::node& at) {
    if (read.text.find_first_not_of(" \t\r\n\f") == std::string::npos)
      where_.found.add(at, "the input " + yaml::in_quotes(draft_.name)
                               + " is empty");
    bytes_ += read.text.size();
    if (bytes_ > bytes_max)
      where_.found.add(at, "all inputs together have more than "
                               + yaml::bytes_text(bytes_max));
    else
      files_.push_back(std::move(read));
  }

  void take_file(const fs::path& path, const std::string& title,
                 const yaml::node& at) {
    if (bytes_ > bytes_max)
      return;
    auto text = yaml::read_text_file(path, where_.options.input_bytes_max);
    if (!text)
      where_.found.add(at, "input " + yaml::in_quotes(draft_.name) + ": "
                               + yaml::in_quotes(title) + ": "
                               + text.error().detail);
    else
      take_text({title, std::move(*text)}, at);
  }

  /// In place of several files, one is a part as each of them would have been.
  void take_replacement(const std::string& path, bool is_part,
                        const yaml::node& at) {
    take_file(fs::path{path}, path, at);
    draft_.has_pieces = is_part;
    for (auto& file : files_)
      file.title = fs::path{path}.filename().string();
  }

  void take_files(const std::string& pattern, const yaml::node& at) {
    auto paths = glob_files(where_.folder, pattern, files_max);
    if (!paths) {
      where_.found.add(at, "input " + yaml::in_quotes(draft_.name) + ": "
                               + yaml::in_quotes(pattern) + ": "
                               + paths.error().detail);
      return;
    }
    for (const auto& path : *paths)
      take_file(path, path.lexically_relative(where_.folder).string(), at);
  }

  void read_split(yaml::mapping& fields, const yaml::node& at) {
    std::optional<split_rule> rule;
    if (const auto* split = fields.map("split"))
      rule = read_rule(*split);
    for (auto& file : files_) {
      if (rule)
        add_pieces(file, *rule, at);
      else if (draft_.has_pieces)
        draft_.pieces.push_back({file.title, file.text});
      if (files_.size() > 1)
        draft_.text += "=== " + file.title + " ===\n";
      draft_.text += files_.size() > 1 ? file.text + "\n" : file.text;
    }
    draft_.has_pieces = draft_.has_pieces || rule.has_value();
  }

  /// The text, or each of its parts, is a JSON value of that form.
  void check_form(const yaml::node& at) {
    const auto schema =
        protocol::json_schema::parse(boost::json::serialize(yaml::as_json(at)));
    if (!schema) {
      where_.found.add(at, "'schema': " + schema.error().detail);
      return;
    }
    if (!draft_.has_pieces && !draft_.text.empty())
      check_form(*schema, "the input " + yaml::in_quotes(draft_.name),
                 draft_.text, at);
    for (std::size_t i = 0; i < draft_.pieces.size(); ++i)
      check_form(*schema,
                 "the input " + yaml::in_quotes(draft_.name) + ", part "
                     + std::to_string(i + 1),
                 draft_.pieces[i].text, at);
  }

  void check_form(const protocol::json_schema& schema, const std::string& what,
                  const std::string& text, const yaml::node& at) {
    const auto value = protocol::parse_json(text);
    if (!value) {
      where_.found.add(at, what + " is no JSON: " + value.error().detail);
      return;
    }
    for (const auto& it : schema.check(*value))
      where_.found.add(at, std::string{what}.append(": ").append(it));
  }

  split_rule read_rule(const yaml::node& at) {
    split_rule rule;
    yaml::mapping fields{at, where_.found};
    fields.require("by");
    fields.choice("by", rule.by);
    fields.text("pattern", rule.pattern);
    fields.integer("parts_max", rule.parts_max, 1U, 10'000U);
    fields.integer("chars_max", rule.chars_max, 100U, 16U << 20U);
    fields.finish();
    if (rule.pattern.empty() || rule.pattern.size() > 200)
      where_.found.add(at, "'pattern' must have 1 to 200 characters");
    if (fields.has("pattern") && rule.by != split_by::heading)
      where_.found.add(at, "'pattern' goes with 'by: heading' only");
    if (rule.by == split_by::chars && rule.chars_max == 0)
      where_.found.add(at, "'by: chars' needs 'chars_max'");
    return rule;
  }

  void add_pieces(const named_file& file, const split_rule& rule,
                  const yaml::node& at) {
    for (auto& piece : split_text(file.text, rule)) {
      if (draft_.pieces.size() >= rule.parts_max) {
        where_.found.add(
            at, "the input " + yaml::in_quotes(draft_.name) + " has more than "
                    + std::to_string(rule.parts_max)
                    + " parts; raise 'parts_max' or split coarser");
        return;
      }
      draft_.pieces.push_back(std::move(piece));
    }
  }

  const read_context& where_;
  std::size_t& bytes_;
  input_draft draft_;
  std::vector<named_file> files_;
};

/// The override of the input at `index`, or null.
const std::string* override_for(const mission_options& options,
                                const std::string& name, std::size_t index) {
  auto at = options.inputs.find(name);
  if (at == options.inputs.end() && index == 0)
    at = options.inputs.find("");
  return at == options.inputs.end() ? nullptr : &at->second;
}

void check_overrides(const read_context& where,
                     const std::vector<std::string>& names) {
  for (const auto& [name, path] : where.options.inputs)
    if (name.empty() && names.empty())
      where.found.add("a file is given, but the mission has no inputs");
    else if (!name.empty()
             && std::find(names.begin(), names.end(), name) == names.end())
      where.found.add("a file is given for an unknown input "
                      + yaml::in_quotes(name)
                      + protocol::did_you_mean(name, names));
}

} // namespace

std::vector<input_draft> read_inputs(yaml::mapping& fields,
                                     const read_context& where) {
  std::vector<input_draft> drafts;
  std::vector<std::string> names;
  std::size_t bytes = 0;
  if (const auto* list = fields.map("inputs")) {
    if (list->keys.size() > inputs_max)
      where.found.add(*list, std::to_string(list->keys.size())
                                 + " inputs; at most "
                                 + std::to_string(inputs_max) + " are allowed");
    const auto count = std::min(list->keys.size(), inputs_max);
    for (std::size_t i = 0; i < count; ++i) {
      const auto& key = list->keys[i];
      names.push_back(key.text);
      drafts.push_back(input_reader{where, bytes}.read(
          key, list->items[i], override_for(where.options, key.text, i)));
    }
  }
  check_overrides(where, names);
  return drafts;
}

} // namespace troupe::mission_file
