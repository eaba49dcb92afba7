#include "troupe/actors/store_rules.hpp"

#include <troupe/protocol/fingerprint.hpp>

#include <algorithm>
#include <limits>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// What a requirement or an op brings along.
struct load {
  std::size_t ops = 1;
  const std::string* name = nullptr;     ///< Null: it has none.
  const std::string* dedup = nullptr;    ///< May be empty.
  const std::string* value = nullptr;    ///< Null: it has none.
  std::span<const std::string> values{}; ///< More than one.
};

struct load_of {
  load operator()(const require_revision& it) const { return {1, &it.key}; }
  load operator()(const require_last& it) const { return {1, &it.stream}; }
  load operator()(const require_lease& it) const { return {1, &it.name}; }
  load operator()(const require_funds& it) const { return {1, &it.account}; }
  load operator()(const put_value& it) const {
    return {1, &it.key, nullptr, &it.value};
  }
  load operator()(const delete_key& it) const { return {1, &it.key}; }
  load operator()(const append_records& it) const {
    return {std::max<std::size_t>(it.records.size(), 1), &it.stream, nullptr,
            nullptr, it.records};
  }
  load operator()(const drop_records& it) const { return {1, &it.stream}; }
  load operator()(const enqueue_task& it) const {
    return {1, &it.queue, &it.key, &it.body};
  }
  load operator()(const ack_task&) const { return {}; }
  load operator()(const nack_task&) const { return {}; }
  load operator()(const credit_account& it) const { return {1, &it.account}; }
};

/// Adds all that makes one requirement or op differ from another.
class print_builder {
public:
  void operator()(const require_revision& it) { add(it.key, it.revision); }
  void operator()(const require_last& it) { add(it.stream, it.sequence); }
  void operator()(const require_lease& it) { add(it.name, it.token); }
  void operator()(const require_funds& it) { add(it.account, it.amount); }
  void operator()(const put_value& it) { add(it.key, it.value); }
  void operator()(const delete_key& it) { add(it.key); }
  void operator()(const append_records& it) { add(it.stream, it.records); }
  void operator()(const drop_records& it) { add(it.stream, it.sequence); }
  void operator()(const enqueue_task& it) {
    add(it.queue, it.body, it.not_before, it.key);
  }
  void operator()(const ack_task& it) { add(it.task, it.token); }
  void operator()(const nack_task& it) { add(it.task, it.token, it.delay); }
  void operator()(const credit_account& it) { add(it.account, it.amount); }

  template <class... Ts>
  void add(const Ts&... values) {
    (builder_.add_value(values), ...);
  }

  [[nodiscard]] protocol::id finish() const { return builder_.finish(); }

private:
  protocol::fingerprint_builder builder_;
};

protocol::error too_many(const char* what, std::size_t most) {
  return fail(errc::limit_exceeded, std::string{"the store takes "}
                                        + std::to_string(most) + " " + what
                                        + " at most");
}

result<void> check(const load& it, const store_capabilities& allowed) {
  if (it.name != nullptr && !is_name(*it.name, allowed))
    return no_name();
  if (it.dedup != nullptr && it.dedup->size() > allowed.name_max)
    return too_many("bytes of a name", allowed.name_max);
  const auto fits = [&](const std::string& x) {
    return x.size() <= allowed.value_max;
  };
  if ((it.value != nullptr && !fits(*it.value))
      || !std::all_of(it.values.begin(), it.values.end(), fits))
    return too_many("bytes of a value", allowed.value_max);
  return {};
}

} // namespace

bool is_name(const std::string& it,
             const store_capabilities& allowed) noexcept {
  return !it.empty() && it.size() <= allowed.name_max;
}

result<void> check_limits(const store_txn& it,
                          const store_capabilities& allowed) {
  auto left = allowed.ops_max;
  const auto check_all = [&](const auto& all) -> result<void> {
    for (const auto& each : all) {
      const auto what = std::visit(load_of{}, each);
      if (what.ops > left)
        return too_many("operations of a commit", allowed.ops_max);
      left -= what.ops;
      if (auto good = check(what, allowed); !good)
        return good;
    }
    return {};
  };
  if (auto good = check_all(it.require); !good)
    return good;
  return check_all(it.ops);
}

protocol::id print_of(const store_txn& it) {
  print_builder to;
  const auto add_all = [&](const auto& all) {
    to.add(all.size());
    for (const auto& each : all) {
      to.add(each.index());
      std::visit(to, each);
    }
  };
  add_all(it.require);
  add_all(it.ops);
  return to.finish();
}

protocol::instant later(protocol::instant now, protocol::duration by) noexcept {
  const auto begin = now.time_since_epoch().count();
  std::int64_t end = 0;
  if (__builtin_add_overflow(begin, by.count(), &end))
    end = by.count() < 0 ? std::numeric_limits<std::int64_t>::min()
                         : std::numeric_limits<std::int64_t>::max();
  return protocol::instant{protocol::duration{end}};
}

result<std::int64_t> balance_after(std::int64_t balance, std::int64_t credit) {
  std::int64_t after = 0;
  if (__builtin_add_overflow(balance, credit, &after))
    return fail(errc::limit_exceeded, "an account holds 63 bits");
  if (after < 0)
    return too_little(balance);
  return after;
}

std::string list_begin(const std::string& prefix, const std::string& after) {
  if (after.empty() || after < prefix)
    return prefix;
  return after + '\0'; // what comes next in the order of bytes
}

protocol::error other_revision(std::uint64_t found) {
  return fail(errc::version_conflict,
              "the key has revision " + std::to_string(found));
}

protocol::error other_last(std::uint64_t found) {
  return fail(errc::version_conflict,
              "the last record of the stream is " + std::to_string(found));
}

protocol::error too_little(std::int64_t held) {
  return fail(errc::budget_exhausted,
              "the account holds " + std::to_string(held));
}

protocol::error lost_lease() {
  return fail(errc::version_conflict, "the lease is not held under that token");
}

protocol::error lost_task() {
  return fail(errc::version_conflict, "the task is not held under that token");
}

protocol::error too_long_stream() {
  return fail(errc::limit_exceeded, "a stream counts to 63 bits");
}

protocol::error other_txn() {
  return fail(errc::key_conflict, "another commit has had that id");
}

protocol::error no_name() {
  return fail(errc::limit_exceeded, "a name is empty or too long");
}

protocol::error forgotten_changes(std::uint64_t up_to) {
  return fail(errc::invalid_request,
              "changes up to " + std::to_string(up_to) + " are forgotten");
}

commit_result refused(protocol::error why, std::optional<std::size_t> by) {
  return {commit_outcome::refused, {}, by, std::move(why)};
}

} // namespace troupe::actors
