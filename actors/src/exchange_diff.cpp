#include "exchange_diff.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <string_view>

namespace troupe::actors {

namespace js = boost::json;

namespace {

constexpr std::size_t excerpt_before = 20;

bool is_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// What stands around a byte of a text.
std::string excerpt(std::string_view text, std::size_t at,
                    std::string_view quote) {
  auto begin = at - std::min(at, excerpt_before);
  while (begin > 0 && is_continuation(text[begin]))
    --begin;
  auto end = std::min(text.size(), begin + excerpt_bytes);
  while (end > begin && end < text.size() && is_continuation(text[end]))
    --end;
  std::string out{quote};
  out += begin > 0 ? "..." : "";
  for (const char c : text.substr(begin, end - begin))
    out += static_cast<unsigned char>(c) < 0x20 || c == '\x7f' ? ' ' : c;
  out += end < text.size() ? "..." : "";
  return out += quote;
}

std::string shown(const js::value* value) {
  if (value == nullptr)
    return "nothing";
  const auto* text = value->if_string();
  return text != nullptr
             ? excerpt(std::string_view{text->data(), text->size()}, 0, "\"")
             : excerpt(js::serialize(*value), 0, "");
}

class comparison {
public:
  explicit comparison(std::size_t lines_max) : lines_max_(lines_max) {}

  void compare(const std::string& at, const js::value* recorded,
               const js::value* now) {
    if (more_ || (recorded != nullptr && now != nullptr && *recorded == *now))
      return;
    if (recorded == nullptr || now == nullptr
        || recorded->kind() != now->kind())
      return add(at, "recorded " + shown(recorded) + ", now " + shown(now));
    if (recorded->is_object())
      return compare_objects(at, recorded->get_object(), now->get_object());
    if (recorded->is_array())
      return compare_arrays(at, recorded->get_array(), now->get_array());
    if (recorded->is_string())
      return compare_texts(at, recorded->get_string(), now->get_string());
    add(at, "recorded " + shown(recorded) + ", now " + shown(now));
  }

  std::vector<std::string> take() {
    if (more_)
      lines_.emplace_back("and more");
    return std::move(lines_);
  }

private:
  void add(const std::string& at, const std::string& what) {
    if (lines_.size() < lines_max_)
      lines_.push_back((at.empty() ? "/" : at) + ": " + what);
    else
      more_ = true;
  }

  void compare_objects(const std::string& at, const js::object& recorded,
                       const js::object& now) {
    for (const auto& field : recorded)
      compare(at + '/' + std::string{field.key()}, &field.value(),
              now.if_contains(field.key()));
    for (const auto& field : now)
      if (!recorded.contains(field.key()))
        compare(at + '/' + std::string{field.key()}, nullptr, &field.value());
  }

  void compare_arrays(const std::string& at, const js::array& recorded,
                      const js::array& now) {
    if (recorded.size() != now.size())
      add(at, "recorded " + std::to_string(recorded.size()) + " items, now "
                  + std::to_string(now.size()));
    for (std::size_t i = 0; i < std::min(recorded.size(), now.size()); ++i)
      compare(at + '/' + std::to_string(i), &recorded[i], &now[i]);
  }

  void compare_texts(const std::string& at, std::string_view recorded,
                     std::string_view now) {
    const auto place =
        std::mismatch(recorded.begin(), recorded.end(), now.begin(), now.end());
    const auto byte = static_cast<std::size_t>(place.first - recorded.begin());
    add(at, "from byte " + std::to_string(byte) + " on, recorded "
                + excerpt(recorded, byte, "\"") + ", now "
                + excerpt(now, byte, "\""));
  }

  std::size_t lines_max_;
  std::vector<std::string> lines_;
  bool more_ = false;
};

} // namespace

std::vector<std::string> differences(const js::value& recorded,
                                     const js::value& now,
                                     std::size_t lines_max) {
  comparison all{lines_max};
  all.compare({}, &recorded, &now);
  return all.take();
}

} // namespace troupe::actors
