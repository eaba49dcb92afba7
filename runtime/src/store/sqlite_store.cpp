#include "store/sqlite_store.hpp"

#include "store/store_tables.hpp"
#include "store/store_txns.hpp"

namespace troupe {

using actors::commit_outcome;
using actors::commit_result;
using actors::store_txn;
using protocol::duration;
using protocol::instant;
using protocol::result;

namespace {

class sqlite_store final : public actors::durable_store {
public:
  explicit sqlite_store(std::string file) : file_(std::move(file)) {
    allowed_.promise = actors::survives::machine;
  }

  result<void> open(const char* vfs) { return file_.open(vfs); }

  [[nodiscard]] actors::store_capabilities capabilities() const override {
    return allowed_;
  }

  std::vector<commit_result> commit(std::span<const store_txn> group,
                                    instant now) override;

  result<std::vector<actors::stored_value>>
  get(std::span<const std::string> keys) override;

  result<std::vector<actors::stored_value>>
  list(const std::string& prefix, const std::string& after,
       std::size_t count_max) override {
    return tables_.list(prefix, after, count_max);
  }

  result<std::vector<actors::stored_record>>
  read(const std::string& stream, std::uint64_t after,
       std::size_t count_max) override {
    return tables_.read(stream, after, count_max);
  }

  result<std::int64_t> funds(const std::string& account) override {
    return tables_.funds(account);
  }

  result<std::vector<actors::claimed_task>> claim(const std::string& queue,
                                                  std::size_t count_max,
                                                  duration lease,
                                                  instant now) override {
    return transact([&] {
      return tables_.claim(queue, count_max, actors::later(now, lease), now);
    });
  }

  result<bool> extend(std::uint64_t task, std::uint64_t token, duration lease,
                      instant now) override {
    return transact([&] {
      return tables_.extend(task, token, actors::later(now, lease), now);
    });
  }

  result<std::uint64_t> lease(const std::string& name, std::uint64_t token,
                              duration ttl, instant now) override {
    if (!actors::is_name(name, allowed_))
      return actors::no_name();
    return transact([&] {
      return tables_.lease(name, token, actors::later(now, ttl), now);
    });
  }

  result<void> release(const std::string& name, std::uint64_t token) override {
    return transact([&] { return tables_.release(name, token); });
  }

  result<std::vector<actors::store_change>>
  changes(std::uint64_t cursor, const std::string& prefix,
          std::size_t count_max) override {
    return tables_.changes(cursor, prefix, count_max);
  }

  result<void> forget(std::uint64_t cursor, instant before) override {
    return transact([&]() -> result<void> {
      if (auto good = tables_.forget(cursor); !good)
        return good;
      return store::query{file_, store::sql::drop_txns, before}.finish();
    });
  }

private:
  /// What `body` does, on the disk.
  template <class Body>
  auto transact(const Body& body) -> decltype(body());
  /// Error: the file fails, and with it the group.
  result<commit_result> commit_one(const store_txn& it, instant now);
  result<commit_result> execute(const store_txn& it, instant now);
  result<commit_result> apply(const store_txn& it, instant now);

  actors::store_capabilities allowed_ = actors::usual_store;
  store::store_file file_;
  store::store_tables tables_{file_};
};

std::vector<commit_result> all_of(std::size_t count, commit_outcome outcome,
                                  const protocol::error& why) {
  return std::vector<commit_result>(count, {outcome, {}, {}, why});
}

template <class Body>
auto sqlite_store::transact(const Body& body) -> decltype(body()) {
  if (auto good = file_.begin(); !good)
    return good.error();
  auto out = body();
  if (!out) {
    file_.rollback();
    return out;
  }
  if (auto good = file_.commit(); !good) {
    file_.rollback();
    return good.error();
  }
  return out;
}

std::vector<commit_result>
sqlite_store::commit(std::span<const store_txn> group, instant now) {
  const auto none = [&](const protocol::error& why) {
    file_.rollback();
    return all_of(group.size(), commit_outcome::unavailable, why);
  };
  if (auto good = file_.begin(); !good)
    return none(good.error());
  std::vector<commit_result> out;
  out.reserve(group.size());
  for (const auto& it : group) {
    auto done = commit_one(it, now);
    if (!done)
      return none(done.error());
    out.push_back(std::move(*done));
  }
  if (auto good = file_.commit(); !good) {
    file_.rollback();
    return all_of(group.size(),
                  file_.is_in_doubt() ? commit_outcome::unknown
                                      : commit_outcome::unavailable,
                  good.error());
  }
  return out;
}

result<commit_result> sqlite_store::commit_one(const store_txn& it,
                                               instant now) {
  if (auto good = actors::check_limits(it, allowed_); !good)
    return actors::refused(good.error());
  if (!it.id)
    return execute(it, now);
  const auto print = actors::print_of(it);
  const auto known = store::find_txn(file_, it.id);
  if (!known)
    return known.error();
  if (*known)
    return (*known)->print == print ? (*known)->outcome
                                    : actors::refused(actors::other_txn());
  auto done = execute(it, now);
  if (!done)
    return done;
  if (auto good = store::keep_txn(file_, it.id, {print, *done}, now); !good)
    return good.error();
  return done;
}

result<commit_result> sqlite_store::execute(const store_txn& it, instant now) {
  for (std::size_t i = 0; i < it.require.size(); ++i)
    if (auto good = tables_.check(it.require[i], now); !good) {
      if (good.error().code == protocol::errc::internal)
        return good.error();
      return actors::refused(good.error(), i);
    }
  if (auto good = store::query{file_, store::sql::save}.finish(); !good)
    return good.error();
  auto done = apply(it, now);
  if (!done)
    return done;
  if (done->outcome == commit_outcome::refused)
    if (auto good = store::query{file_, store::sql::undo}.finish(); !good)
      return good.error();
  if (auto good = store::query{file_, store::sql::keep}.finish(); !good)
    return good.error();
  return done;
}

result<commit_result> sqlite_store::apply(const store_txn& it, instant now) {
  commit_result out{commit_outcome::committed, {}, {}, {}};
  for (const auto& op : it.ops) {
    const auto number = tables_.apply(op, now);
    if (!number) {
      if (number.error().code == protocol::errc::internal)
        return number.error();
      return actors::refused(number.error());
    }
    out.numbers.push_back(*number);
  }
  return out;
}

result<std::vector<actors::stored_value>>
sqlite_store::get(std::span<const std::string> keys) {
  std::vector<actors::stored_value> out;
  out.reserve(keys.size());
  for (const auto& key : keys) {
    auto value = tables_.value_of(key);
    if (!value)
      return value.error();
    out.push_back(std::move(*value));
  }
  return out;
}

} // namespace

result<std::unique_ptr<actors::durable_store>>
open_sqlite_store(const std::string& file, const std::string& vfs) {
  auto it = std::make_unique<sqlite_store>(file);
  if (auto good = it->open(vfs.empty() ? nullptr : vfs.c_str()); !good)
    return good.error();
  return result<std::unique_ptr<actors::durable_store>>{std::move(it)};
}

result<std::unique_ptr<actors::durable_store>>
open_sqlite_store(const std::string& file) {
  return open_sqlite_store(file, {});
}

} // namespace troupe
