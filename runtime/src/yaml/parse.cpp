#include "yaml/document.hpp"
#include "yaml/file.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <sstream>
#include <unordered_set>

namespace troupe::yaml {

namespace {

/// Leaves the library's parser early; never seen outside this file.
struct stop_parsing {};

std::uint32_t from_one(int zero_based) {
  return zero_based < 0 ? 0U : static_cast<std::uint32_t>(zero_based) + 1U;
}

/// Builds our tree from the library's events, so that a hostile file is left
/// at the first event that goes too far.
class tree_builder : public YAML::EventHandler {
public:
  tree_builder(problems& found, const limits& at_most)
      : found_{found}, limits_{at_most} {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1)
      refuse(mark, "only one document is read from a file");
  }
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    refuse(mark, "anchors are not allowed");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases are not allowed");
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(make(mark, node_kind::null, "", anchor));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override {
    auto made = make(mark, node_kind::scalar, tag, anchor);
    made.quoted = tag == "!";
    made.text = value;
    add(std::move(made));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(make(mark, node_kind::sequence, tag, anchor));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(make(mark, node_kind::mapping, tag, anchor));
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] bool has_root() const { return has_root_; }
  [[nodiscard]] node take_root() { return std::move(root_); }

private:
  struct level {
    node made;
    std::unordered_set<std::string> seen;
  };

  [[noreturn]] void refuse(const YAML::Mark& mark, std::string message) {
    found_.add(from_one(mark.line), from_one(mark.column), std::move(message));
    throw stop_parsing{};
  }

  node make(const YAML::Mark& mark, node_kind kind, const std::string& tag,
            YAML::anchor_t anchor) {
    if (anchor != 0)
      refuse(mark, "anchors are not allowed");
    if (!tag.empty() && tag != "?" && tag != "!")
      refuse(mark, "tags are not allowed");
    if (++nodes_ > limits_.nodes_max)
      refuse(mark, "more than " + std::to_string(limits_.nodes_max)
                       + " values in one file");
    node made;
    made.kind = kind;
    made.line = from_one(mark.line);
    made.column = from_one(mark.column);
    return made;
  }

  void open(node made) {
    if (open_.size() >= limits_.depth_max) {
      found_.add(made, "nested deeper than " + std::to_string(limits_.depth_max)
                           + " levels");
      throw stop_parsing{};
    }
    open_.push_back({std::move(made), {}});
  }

  void close() {
    auto made = std::move(open_.back().made);
    open_.pop_back();
    if (made.kind == node_kind::mapping && made.keys.size() > made.items.size())
      made.keys.pop_back();
    add(std::move(made));
  }

  void add(node made) {
    if (open_.empty()) {
      root_ = std::move(made);
      has_root_ = true;
      return;
    }
    auto& [parent, seen] = open_.back();
    const bool is_key = parent.kind == node_kind::mapping
                        && parent.keys.size() == parent.items.size();
    if (!is_key) {
      if (made.kind == node_kind::null && !parent.keys.empty()) {
        // The library names the place of whatever comes next.
        made.line = parent.keys.back().line;
        made.column = parent.keys.back().column;
      }
      parent.items.push_back(std::move(made));
      return;
    }
    if (made.kind != node_kind::scalar) {
      found_.add(made, "a key must be a plain word");
      throw stop_parsing{};
    }
    if (!seen.insert(made.text).second)
      found_.add(made, "duplicate key " + in_quotes(made.text));
    parent.keys.push_back(std::move(made));
  }

  problems& found_;
  const limits& limits_;
  std::vector<level> open_;
  node root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
  bool has_root_ = false;
};

/// False when the parser was left early.
bool run_parser(std::string_view text, tree_builder& builder, problems& found) {
  try {
    std::istringstream in{std::string{text}};
    YAML::Parser parser{in};
    while (parser.HandleNextDocument(builder)) {
    }
    return true;
  } catch (const stop_parsing&) {
    // The reason is in `found`.
  } catch (const YAML::Exception& e) {
    found.add(from_one(e.mark.line), from_one(e.mark.column),
              "not valid YAML: " + e.msg);
  } catch (const std::exception&) {
    found.add("not valid YAML");
  }
  return false;
}

std::size_t flow_signs(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) {
        return c == '[' || c == ']' || c == '{' || c == '}' || c == ',';
      }));
}

std::uint32_t line_of(std::string_view text, std::size_t offset) {
  std::uint32_t line = 1;
  for (auto c : text.substr(0, offset))
    line += c == '\n' ? 1U : 0U;
  return line;
}

} // namespace

std::optional<node> parse(std::string_view text, problems& found,
                          const limits& at_most) {
  if (text.size() > at_most.bytes_max) {
    found.add("the file has " + bytes_text(text.size()) + "; at most "
              + bytes_text(at_most.bytes_max) + " are read");
    return std::nullopt;
  }
  // The library reads a bracketed list to its end before it tells of the first
  // item, at up to 250 bytes a sign: a bound on signs is a bound on memory.
  const auto signs_max = 4 * at_most.nodes_max;
  if (flow_signs(text) > signs_max) {
    found.add("more than " + std::to_string(signs_max)
              + " brackets and commas in one file");
    return std::nullopt;
  }
  if (auto bad = first_bad_byte(text); bad != std::string_view::npos) {
    found.add(line_of(text, bad), 0, "not UTF-8 text");
    return std::nullopt;
  }
  tree_builder builder{found, at_most};
  if (!run_parser(text, builder, found))
    return std::nullopt;
  if (!builder.has_root()) {
    found.add("the file is empty");
    return std::nullopt;
  }
  return builder.take_root();
}

} // namespace troupe::yaml
