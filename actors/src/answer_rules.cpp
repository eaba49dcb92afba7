#include "answer_rules.hpp"

#include <troupe/protocol/fingerprint.hpp>

#include <algorithm>
#include <map>

namespace troupe::actors {

using protocol::errc;
using protocol::model_call;
using protocol::model_reply;
using protocol::stop_reason;

namespace {

/// Writes values so that different ones differ: texts and lists with their
/// length before them.
class key_writer {
public:
  void put(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7U)
      bytes_ += static_cast<char>(number | 0x80U);
    bytes_ += static_cast<char>(number);
  }

  void put(std::string_view text) {
    put(std::uint64_t{text.size()});
    bytes_ += text;
  }

  void put(const std::string& text) { put(std::string_view{text}); }

  void put(protocol::money amount) {
    put(static_cast<std::uint64_t>(amount.nano_usd));
  }

  template <class T>
  requires(std::is_enum_v<T>) void put(T value) {
    put(static_cast<std::uint64_t>(value));
  }

  template <class T>
  void put(const std::optional<T>& value) {
    put(std::uint64_t{value.has_value()});
    if (value)
      put(*value);
  }

  template <class T>
  void put(const std::vector<T>& values) {
    put(std::uint64_t{values.size()});
    for (const auto& it : values)
      put(it);
  }

  template <class... Ts>
  void put(const std::variant<Ts...>& value) {
    put(std::uint64_t{value.index()});
    std::visit([this](const auto& it) { this->put(it); }, value);
  }

  void put(const protocol::tool_call& call) {
    put(number_of(call.call_id));
    put(call.name);
    put(call.arguments);
  }

  void put(const protocol::tool_result& done) {
    put(number_of(done.call_id));
    put(done.content);
    put(std::uint64_t{done.is_error});
  }

  template <protocol::described T>
  void put(const T& value) {
    protocol::for_each_member(
        value, [this](std::string_view, const auto& it) { this->put(it); });
  }

  [[nodiscard]] std::string take() { return std::move(bytes_); }

private:
  std::uint64_t number_of(std::string_view call_id) {
    return call_ids_.emplace(call_id, call_ids_.size()).first->second;
  }

  std::string bytes_;
  std::map<std::string_view, std::uint64_t> call_ids_; ///< Into the call.
};

std::string_view tenant_of(std::string_view account) {
  return account.substr(0, account.find('/'));
}

bool asks_for_tools(const model_reply& reply) noexcept {
  return std::any_of(reply.content.begin(), reply.content.end(),
                     [](const auto& part) {
                       return std::holds_alternative<protocol::tool_call>(part);
                     });
}

bool has_text(const model_reply& reply) noexcept {
  return std::any_of(
      reply.content.begin(), reply.content.end(), [](const auto& part) {
        const auto* text = std::get_if<protocol::text_part>(&part);
        return text != nullptr && !text->text.empty();
      });
}

} // namespace

answer_key key_of(const model_call& call, std::string_view setting) {
  key_writer out;
  out.put(setting);
  out.put(tenant_of(call.account));
  protocol::for_each_member(
      call, [&](std::string_view name, const auto& value) {
        // What is not named here counts, also what will be added one day.
        if (name == "account" || name == "stream" || name == "tags"
            || (name == "level" && !call.model.empty()))
          return;
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, bool>)
          out.put(std::uint64_t{value});
        else
          out.put(value);
      });
  answer_key key{{}, out.take()};
  key.bytes.shrink_to_fit(); // it is kept, and counted by its size
  protocol::fingerprint_builder print;
  print.add(key.bytes);
  key.print = print.finish();
  return key;
}

bool may_share(const model_call& call, const answer_limits& limits) noexcept {
  return call.temperature_permille.value_or(0) <= limits.temperature_permille;
}

bool may_keep(const model_reply& reply, const answer_limits& limits) noexcept {
  if (!reply.degraded.empty())
    return false;
  if (reply.stop == stop_reason::complete)
    return has_text(reply)
           && (limits.keeps_tool_calls || !asks_for_tools(reply));
  return reply.stop == stop_reason::tool_use && limits.keeps_tool_calls
         && asks_for_tools(reply);
}

bool is_of_the_call(errc code) noexcept {
  return code == errc::invalid_request || code == errc::no_model_fits
         || code == errc::context_too_long || code == errc::content_refused
         || code == errc::provider_rejected;
}

model_reply without_cost(const model_reply& reply) {
  auto copy = reply;
  copy.saved = std::exchange(copy.cost, {});
  copy.is_cached = true;
  copy.used = {};
  copy.attempts = 0;
  return copy;
}

std::size_t weight_of(const model_reply& reply) {
  auto weight = sizeof reply + reply.model.size() + reply.provider.size();
  for (const auto& part : reply.content)
    weight += sizeof part
              + std::visit(
                  [](const auto& it) {
                    std::size_t size = 0;
                    protocol::for_each_member(
                        it, [&](std::string_view, const auto& member) {
                          if constexpr (requires { member.size(); })
                            size += member.size();
                        });
                    return size;
                  },
                  part);
  return weight;
}

} // namespace troupe::actors
