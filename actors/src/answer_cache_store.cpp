// What the answer cache has to do with its store: nothing that a call fails
// for, and nothing that it waits for long.
#include "answer_cache_impl.hpp"
#include "answer_rules.hpp"
#include "troupe/actors/log.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

using namespace protocol;

namespace {

/// How long a call waits for the store at most.
constexpr std::chrono::milliseconds look_patience{250};
constexpr std::chrono::seconds put_patience{60};

/// Of the requests to the store that may be open, and of the answers in them.
constexpr std::size_t asked_max = 1'000;
constexpr std::size_t bytes_max = 16U << 20U;

/// After so many failures in a row it is left alone for some time.
constexpr std::uint32_t failures_max = 3;
constexpr std::chrono::seconds rest_time{30};

} // namespace

void answer_cache::look(const flight_ptr& it) {
  if (!may_use_store())
    return lead(it);
  ++store_asked_;
  request_until<answer_found>(
      this, table_, clock().now() + look_patience, keeper_,
      [this, it](const result<answer_found>& answer) {
        --store_asked_;
        note_store(answer ? answer->failure : answer.error().detail);
        const auto found = answer ? answer->what : nullptr;
        // Its rules may have changed since it was kept.
        if (found == nullptr || found->until <= now()
            || !may_keep(found->reply, config_.limits))
          return lead(it);
        answers_.put(it->key, found, now());
        land(it, found->reply);
      },
      find_answer{it->key, now()});
}

void answer_cache::keep(const answer_key_ptr& key, const model_reply& reply) {
  auto what = std::make_shared<const kept_answer>(
      kept_answer{reply, now() + config_.limits.ttl});
  answers_.put(key, what, now());
  const auto bytes = key->bytes.size() + weight_of(reply);
  if (!may_use_store() || store_bytes_ + bytes > bytes_max)
    return;
  ++store_asked_;
  store_bytes_ += bytes;
  request_until<answer_put>(
      this, table_, clock().now() + put_patience, keeper_,
      [this, bytes](const result<answer_put>& answer) {
        --store_asked_;
        store_bytes_ -= bytes;
        note_store(answer ? answer->failure : answer.error().detail);
      },
      put_answer{key, std::move(what), now()});
}

bool answer_cache::may_use_store() {
  return keeper_ && store_asked_ < asked_max && now() >= store_rests_;
}

void answer_cache::note_store(const std::string& failure) {
  store_failures_ = failure.empty() ? 0 : store_failures_ + 1;
  if (store_failures_ < failures_max)
    return;
  store_failures_ = 0;
  store_rests_ = now() + rest_time;
  log(log_level::warn, "answer-cache", "store-rests",
      "seconds=" + std::to_string(rest_time.count()) + " why=" + failure);
}

} // namespace troupe::actors
