#include "troupe/actors/memory_store.hpp"

#include "memory_tables.hpp"

namespace troupe::actors {

using protocol::duration;
using protocol::instant;
using protocol::result;

namespace {

class memory_store final : public durable_store {
public:
  explicit memory_store(const store_capabilities& allowed) : allowed_(allowed) {
    allowed_.promise = survives::nothing;
  }

  [[nodiscard]] store_capabilities capabilities() const override {
    return allowed_;
  }

  std::vector<commit_result> commit(std::span<const store_txn> group,
                                    instant now) override {
    std::vector<commit_result> out;
    for (const auto& it : group)
      out.push_back(commit_one(it, now));
    return out;
  }

  result<std::vector<stored_value>>
  get(std::span<const std::string> keys) override {
    std::vector<stored_value> out;
    for (const auto& key : keys)
      out.push_back(tables_.value_of(key));
    return out;
  }

  result<std::vector<stored_value>> list(const std::string& prefix,
                                         const std::string& after,
                                         std::size_t count_max) override {
    return tables_.list(prefix, after, count_max);
  }

  result<std::vector<stored_record>> read(const std::string& stream,
                                          std::uint64_t after,
                                          std::size_t count_max) override {
    return tables_.read(stream, after, count_max);
  }

  result<std::int64_t> funds(const std::string& account) override {
    return tables_.funds(account);
  }

  result<std::vector<claimed_task>> claim(const std::string& queue,
                                          std::size_t count_max, duration lease,
                                          instant now) override {
    return tables_.claim(queue, count_max, later(now, lease), now);
  }

  result<bool> extend(std::uint64_t task, std::uint64_t token, duration lease,
                      instant now) override {
    return tables_.extend(task, token, later(now, lease), now);
  }

  result<std::uint64_t> lease(const std::string& name, std::uint64_t token,
                              duration ttl, instant now) override {
    if (!is_name(name, allowed_))
      return no_name();
    return tables_.lease(name, token, later(now, ttl), now);
  }

  result<void> release(const std::string& name, std::uint64_t token) override {
    tables_.release(name, token);
    return {};
  }

  result<std::vector<store_change>> changes(std::uint64_t cursor,
                                            const std::string& prefix,
                                            std::size_t count_max) override {
    return tables_.changes(cursor, prefix, count_max);
  }

  result<void> forget(std::uint64_t cursor, instant before) override {
    tables_.forget(cursor);
    std::erase_if(txns_,
                  [before](const auto& it) { return it.second.at < before; });
    return {};
  }

private:
  struct known_txn {
    protocol::id print;
    instant at;
    commit_result outcome;
  };

  commit_result commit_one(const store_txn& it, instant now) {
    if (auto good = check_limits(it, allowed_); !good)
      return refused(good.error());
    if (!it.id)
      return execute(it, now);
    const auto print = print_of(it);
    if (const auto at = txns_.find(it.id); at != txns_.end())
      return at->second.print == print ? at->second.outcome
                                       : refused(other_txn());
    auto outcome = execute(it, now);
    txns_.try_emplace(it.id, known_txn{print, now, outcome});
    return outcome;
  }

  commit_result execute(const store_txn& it, instant now) {
    for (std::size_t i = 0; i < it.require.size(); ++i)
      if (auto good = tables_.check(it.require[i], now); !good)
        return refused(good.error(), i);
    commit_result out{commit_outcome::committed, {}, {}, {}};
    for (const auto& op : it.ops) {
      const auto number = tables_.apply(op, now);
      if (!number) {
        tables_.undo();
        return refused(number.error());
      }
      out.numbers.push_back(*number);
    }
    tables_.keep();
    return out;
  }

  store_capabilities allowed_;
  memory_tables tables_;
  std::map<protocol::id, known_txn> txns_;
};

} // namespace

std::unique_ptr<durable_store>
make_memory_store(const store_capabilities& allowed) {
  return std::make_unique<memory_store>(allowed);
}

} // namespace troupe::actors
