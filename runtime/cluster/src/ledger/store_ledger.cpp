#include "ledger/store_ledger.hpp"

#include "ledger/entry_forms.hpp"

#include <boost/json/serialize.hpp>

#include <optional>

namespace troupe::cluster {

using actors::commit_outcome;
using actors::ledger_entry;
using actors::store_txn;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t page = 1'000;
/// Of one commit, besides what a store allows.
constexpr std::size_t records_max = 1'000;
constexpr std::size_t bytes_max = 1U << 20U;
/// Requirements and ops of a commit besides its records.
constexpr std::size_t others_max = 4;
/// A commit whose outcome is unknown is asked again so often at once.
constexpr int tries_max = 4;
/// Records of an old stream that one commit drops.
constexpr std::uint64_t dropped_max = 20'000;
/// All records of a stream.
constexpr std::uint64_t whole_stream = INT64_MAX;

std::string record_of(const ledger_entry& it) {
  auto form = ledger::form_of(it);
  boost::json::object out;
  out["at"] = it.at.time_since_epoch().count();
  out["kind"] = form.kind;
  if (form.reservation)
    out["reservation"] = to_string(form.reservation);
  out["body"] = std::move(form.body);
  return boost::json::serialize(out);
}

result<ledger_entry> entry_in(const std::string& record) {
  const auto json = protocol::parse_json(record);
  if (!json)
    return json.error();
  const auto* it = json->if_object();
  const auto text = [it](const char* key) -> std::string_view {
    const auto* found = it->if_contains(key);
    const auto* value = found != nullptr ? found->if_string() : nullptr;
    return value == nullptr ? std::string_view{} : std::string_view{*value};
  };
  const auto* body = it != nullptr ? it->if_contains("body") : nullptr;
  const auto* at = it != nullptr ? it->if_contains("at") : nullptr;
  if (body == nullptr || at == nullptr || !at->is_int64())
    return fail(errc::malformed_message, "it is not an entry");
  return ledger::entry_of(protocol::instant{protocol::duration{at->as_int64()}},
                          text("kind"), text("reservation"), *body);
}

class store_ledger final : public actors::ledger_log {
public:
  store_ledger(std::unique_ptr<actors::durable_store> store,
               store_ledger_options options)
      : store_(std::move(store)), options_(std::move(options)),
        ids_(options_.seed) {
    const auto allowed = store_->capabilities().ops_max;
    records_max_ = std::clamp<std::size_t>(
        allowed - std::min(allowed, others_max), 1, records_max);
  }

  result<void>
  read(const std::function<result<void>(const ledger_entry&)>& each) override;
  result<void> append(std::span<const ledger_entry> entries) override;
  result<void> replace(std::span<const ledger_entry> entries) override;

private:
  using writing = std::function<result<void>(std::vector<std::string>)>;

  [[nodiscard]] std::string stream(std::uint64_t generation) const {
    return options_.name + "/" + std::to_string(generation);
  }
  result<void> read_head();
  result<void> take(const actors::stored_record& it,
                    const std::function<result<void>(const ledger_entry&)>&);
  /// Hands them over in parts that a commit takes.
  result<void> in_parts(std::span<const ledger_entry> entries,
                        const writing& write) const;
  result<std::vector<std::uint64_t>> commit(store_txn what);
  protocol::error broken(std::string why);

  std::unique_ptr<actors::durable_store> store_;
  store_ledger_options options_;
  protocol::id_source ids_;
  std::size_t records_max_ = 0;
  std::uint64_t generation_ = 1;
  std::uint64_t head_ = 0; ///< Revision of the key; 0: there is none.
  std::uint64_t last_ = 0; ///< Sequence of the last entry.
  std::optional<protocol::error> failure_; ///< Nothing more is written.
};

protocol::error store_ledger::broken(std::string why) {
  if (!failure_ && options_.on_failure)
    options_.on_failure();
  failure_ = fail(errc::internal, "ledger '" + options_.name + "': " + why);
  return *failure_;
}

result<void> store_ledger::read_head() {
  const std::vector<std::string> keys{options_.name};
  const auto found = store_->get(keys);
  if (!found)
    return found.error();
  const auto& it = found->front();
  head_ = it.revision;
  if (head_ == 0)
    return {};
  const auto json = protocol::parse_json(it.value);
  const auto* number = json && json->is_object()
                           ? json->as_object().if_contains("generation")
                           : nullptr;
  if (number == nullptr || !number->is_int64() || number->as_int64() < 1)
    return fail(errc::malformed_message,
                "ledger '" + options_.name + "': the head cannot be read");
  generation_ = static_cast<std::uint64_t>(number->as_int64());
  return {};
}

result<void> store_ledger::take(
    const actors::stored_record& it,
    const std::function<result<void>(const ledger_entry&)>& each) {
  const auto wrong = [&](const std::string& what) {
    return fail(errc::malformed_message,
                "ledger '" + options_.name + "', entry "
                    + std::to_string(it.sequence) + ": " + what);
  };
  if (last_ != 0 && it.sequence != last_ + 1)
    return wrong("some before it are missing");
  const auto entry = entry_in(it.record);
  if (!entry)
    return wrong(entry.error().detail);
  if (auto good = each(*entry); !good)
    return wrong(good.error().detail);
  last_ = it.sequence;
  return {};
}

result<void> store_ledger::read(
    const std::function<result<void>(const ledger_entry&)>& each) {
  if (auto good = read_head(); !good)
    return good;
  last_ = 0;
  for (;;) {
    const auto some = store_->read(stream(generation_), last_, page);
    if (!some)
      return some.error();
    for (const auto& it : *some)
      if (auto good = take(it, each); !good)
        return good;
    if (some->size() < page)
      return {};
  }
}

result<void> store_ledger::in_parts(std::span<const ledger_entry> entries,
                                    const writing& write) const {
  std::vector<std::string> part; // bounded by records_max_
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto record = record_of(entries[i]);
    bytes += record.size();
    part.push_back(std::move(record));
    if (i + 1 < entries.size() && part.size() < records_max_
        && bytes < bytes_max)
      continue;
    if (auto good = write(std::move(part)); !good)
      return good;
    part.clear();
    bytes = 0;
  }
  return {};
}

result<void> store_ledger::append(std::span<const ledger_entry> entries) {
  if (failure_)
    return *failure_;
  return in_parts(entries, [this](std::vector<std::string> part) {
    const auto to = stream(generation_);
    const auto done = commit({{},
                              {actors::require_last{to, last_}},
                              {actors::append_records{to, std::move(part)}}});
    if (!done)
      return result<void>{done.error()};
    last_ = done->front();
    return result<void>{};
  });
}

result<void> store_ledger::replace(std::span<const ledger_entry> entries) {
  if (failure_)
    return *failure_;
  const auto to = stream(generation_ + 1);
  // What somebody has left there who was interrupted.
  if (auto good = commit({{}, {}, {actors::drop_records{to, whole_stream}}});
      !good)
    return good.error();
  std::uint64_t last = 0;
  const auto wrote = in_parts(entries, [&](std::vector<std::string> part) {
    const auto done =
        commit({{}, {}, {actors::append_records{to, std::move(part)}}});
    if (!done)
      return result<void>{done.error()};
    last = done->front();
    return result<void>{};
  });
  if (!wrote)
    return wrote;
  const boost::json::object head{{"generation", generation_ + 1}};
  const auto done = commit(
      {{},
       {actors::require_revision{options_.name, head_}},
       {actors::put_value{options_.name, boost::json::serialize(head)}}});
  if (!done)
    return done.error();
  // In pieces, none of which takes the store for long.
  for (std::uint64_t at = 0; at < last_;) {
    at = std::min(at + dropped_max, last_);
    const auto dropped =
        commit({{}, {}, {actors::drop_records{stream(generation_), at}}});
    if (!dropped)
      return dropped.error();
  }
  head_ = done->front();
  ++generation_;
  last_ = last;
  return {};
}

/// By op what the store says. All that is committed requires the fence.
result<std::vector<std::uint64_t>> store_ledger::commit(store_txn what) {
  what.id = ids_.next(options_.now());
  if (!options_.fence.lease.empty())
    what.require.emplace_back(
        actors::require_lease{options_.fence.lease, options_.fence.token});
  actors::commit_result done;
  for (int i = 0; i < tries_max; ++i) {
    done = std::move(store_->commit({&what, 1}, options_.now()).front());
    if (done.outcome != commit_outcome::unknown)
      break;
  }
  if (done.outcome == commit_outcome::committed)
    return std::move(done.numbers);
  if (done.outcome != commit_outcome::refused)
    return broken("the store does not answer: " + done.why.detail);
  const bool is_fence = done.failed_requirement
                        && std::holds_alternative<actors::require_lease>(
                            what.require[*done.failed_requirement]);
  return broken(is_fence ? "this node does not lead any more"
                         : done.why.detail);
}

} // namespace

std::unique_ptr<actors::ledger_log>
make_store_ledger(std::unique_ptr<actors::durable_store> store,
                  store_ledger_options options) {
  return std::make_unique<store_ledger>(std::move(store), std::move(options));
}

} // namespace troupe::cluster
