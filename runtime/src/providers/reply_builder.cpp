#include "providers/reply_builder.hpp"

#include <algorithm>
#include <utility>

namespace troupe::providers {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t blocks_max = 1024;

} // namespace

result<reply_builder::block*> reply_builder::at(std::int64_t index, kind what) {
  if (auto* known = find(index)) {
    if (known->what != what)
      return fail(errc::provider_malformed, "a block that changes its kind");
    return known;
  }
  if (blocks_.size() >= blocks_max)
    return fail(errc::provider_malformed, "more than 1024 blocks");
  auto& made = blocks_[index];
  made.what = what;
  return &made;
}

reply_builder::block* reply_builder::find(std::int64_t index) {
  const auto found = blocks_.find(index);
  return found == blocks_.end() ? nullptr : &found->second;
}

void reply_builder::add(block& to, std::string_view content) {
  to.text += content;
  bytes_ += content.size();
}

void reply_builder::add_text(block& to, std::string_view text) {
  add(to, text);
  fresh_ += text;
}

std::string reply_builder::take_fresh_text() {
  return std::exchange(fresh_, {});
}

bool reply_builder::has_content() const {
  return std::ranges::any_of(blocks_, [](const auto& entry) {
    return entry.second.what == kind::tool || !entry.second.text.empty();
  });
}

result<std::vector<protocol::content_part>> reply_builder::build() && {
  std::vector<protocol::content_part> parts;
  for (auto& [index, part] : blocks_) {
    if (part.what == kind::text && !part.text.empty()) {
      parts.emplace_back(protocol::text_part{std::move(part.text)});
    } else if (part.what == kind::thinking
               && !(part.text.empty() && part.signature.empty())) {
      parts.emplace_back(protocol::thinking_part{std::move(part.text),
                                                 std::move(part.signature)});
    } else if (part.what == kind::tool) {
      if (part.name.empty())
        return fail(errc::provider_malformed, "a tool call without a name");
      parts.emplace_back(
          protocol::tool_call{std::move(part.call_id), std::move(part.name),
                              part.text.empty() ? "{}" : std::move(part.text)});
    }
  }
  return parts;
}

} // namespace troupe::providers
