#include "yaml/document.hpp"

#include "yaml/file.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace troupe {

std::string to_text(const problem& value) {
  auto text = value.file;
  if (value.line != 0) {
    text += ':' + std::to_string(value.line);
    if (value.column != 0)
      text += ':' + std::to_string(value.column);
  }
  return text + ": " + value.message;
}

std::string to_text(std::span<const problem> values) {
  std::string text;
  for (const auto& value : values)
    text += to_text(value) + '\n';
  return text;
}

} // namespace troupe

namespace troupe::yaml {

namespace {

constexpr std::size_t problems_max = 200;

const node* step_into(const node& at, std::string_view step) {
  if (at.kind == node_kind::mapping)
    return at.find(step);
  std::size_t index = 0;
  const auto* end = step.data() + step.size();
  auto [last, ec] = std::from_chars(step.data(), end, index);
  if (at.kind != node_kind::sequence || ec != std::errc{} || last != end)
    return nullptr;
  return index < at.items.size() ? &at.items[index] : nullptr;
}

} // namespace

const node* node::find(std::string_view key) const {
  auto at = std::find_if(keys.begin(), keys.end(),
                         [key](const node& x) { return x.text == key; });
  if (kind != node_kind::mapping || at == keys.end())
    return nullptr;
  return &items[static_cast<std::size_t>(at - keys.begin())];
}

const node& nearest_node(const node& root, std::string_view pointer) {
  const auto* at = &root;
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const auto step = pointer.substr(0, pointer.find('/'));
    const auto* next = step_into(*at, step);
    if (next == nullptr)
      return *at;
    at = next;
    pointer.remove_prefix(step.size());
  }
  return *at;
}

void problems::add(const node& at, std::string message) {
  add(at.line, at.column, std::move(message));
}

void problems::add(std::uint32_t line, std::uint32_t column,
                   std::string message) {
  add(problem{file_, line, column, std::move(message)});
}

void problems::add(problem found) {
  if (list_.size() < problems_max)
    list_.push_back(std::move(found));
  else
    full_ = true;
}

std::vector<problem> problems::take() {
  std::vector<std::string> files;
  std::vector<problem> kept;
  for (auto& one : list_) {
    if (std::find(files.begin(), files.end(), one.file) == files.end())
      files.push_back(one.file);
    if (std::find(kept.begin(), kept.end(), one) == kept.end())
      kept.push_back(std::move(one));
  }
  auto place = [&files](const problem& one) {
    return std::tuple{std::find(files.begin(), files.end(), one.file), one.line,
                      one.column};
  };
  std::stable_sort(kept.begin(), kept.end(),
                   [&place](const problem& a, const problem& b) {
                     return place(a) < place(b);
                   });
  if (full_)
    kept.push_back({file_, 0, 0, "there are more problems than are shown"});
  list_.clear();
  full_ = false;
  return kept;
}

std::optional<node> load(const std::filesystem::path& path, problems& found,
                         const limits& at_most) {
  auto text = read_file(path, at_most.bytes_max);
  if (!text) {
    found.add(text.error().detail);
    return std::nullopt;
  }
  return parse(*text, found, at_most);
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t shown_max = 60;
  std::string shown{text.substr(0, shown_max)};
  if (text.size() > shown_max) {
    // Never half a character at the cut.
    while (!shown.empty() && first_bad_byte(shown) != std::string::npos
           && static_cast<unsigned char>(shown.back()) >= 0x80U)
      shown.pop_back();
    shown += "...";
  }
  for (auto& c : shown)
    if (static_cast<unsigned char>(c) < 0x20U || c == 0x7F)
      c = '?';
  return '\'' + shown + '\'';
}

} // namespace troupe::yaml
