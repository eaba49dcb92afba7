#pragma once

#include "troupe/actors/store_rules.hpp"

#include <functional>
#include <map>
#include <set>
#include <tuple>

namespace troupe::actors {

/// What a memory store holds. What was done since `keep` can be undone.
class memory_tables {
public:
  void keep() { undo_.clear(); }
  void undo();

  /// Why a requirement does not hold; nothing: it does.
  [[nodiscard]] protocol::result<void> check(const requirement& it,
                                             protocol::instant now) const;
  /// The op's number. Error: it is refused.
  protocol::result<std::uint64_t> apply(const store_op& it,
                                        protocol::instant now);

  [[nodiscard]] stored_value value_of(const std::string& key) const;
  [[nodiscard]] std::vector<stored_value> list(const std::string& prefix,
                                               const std::string& after,
                                               std::size_t count_max) const;
  [[nodiscard]] std::vector<stored_record> read(const std::string& stream,
                                                std::uint64_t after,
                                                std::size_t count_max) const;
  [[nodiscard]] std::int64_t funds(const std::string& account) const;

  std::vector<claimed_task> claim(const std::string& queue,
                                  std::size_t count_max,
                                  protocol::instant until,
                                  protocol::instant now);
  bool extend(std::uint64_t task, std::uint64_t token, protocol::instant until,
              protocol::instant now);
  std::uint64_t lease(const std::string& name, std::uint64_t token,
                      protocol::instant until, protocol::instant now);
  void release(const std::string& name, std::uint64_t token);

  [[nodiscard]] protocol::result<std::vector<store_change>>
  changes(std::uint64_t cursor, const std::string& prefix,
          std::size_t count_max) const;
  void forget(std::uint64_t cursor);

private:
  struct kept_value {
    std::string bytes;
    std::uint64_t revision = 0;
  };
  struct kept_stream {
    std::uint64_t last = 0; ///< Also when it was dropped since.
    std::map<std::uint64_t, std::string> records;
  };
  struct kept_task {
    enqueue_task what;
    protocol::instant due;   ///< Not handed out sooner; held until then.
    std::uint64_t token = 0; ///< 0: not claimed.
    std::uint32_t attempt = 0;
  };
  struct kept_lease {
    std::uint64_t token = 0;
    protocol::instant until = protocol::instant::min();
  };
  using place = std::tuple<std::string, protocol::instant, std::uint64_t>;
  using tasks = std::map<std::uint64_t, kept_task>;

  [[nodiscard]] protocol::result<void> holds(const require_revision& it,
                                             protocol::instant now) const;
  [[nodiscard]] protocol::result<void> holds(const require_last& it,
                                             protocol::instant now) const;
  [[nodiscard]] protocol::result<void> holds(const require_lease& it,
                                             protocol::instant now) const;
  [[nodiscard]] protocol::result<void> holds(const require_funds& it,
                                             protocol::instant now) const;
  using numbered = protocol::result<std::uint64_t>;
  numbered run(const put_value& it, protocol::instant now);
  numbered run(const delete_key& it, protocol::instant now);
  numbered run(const append_records& it, protocol::instant now);
  numbered run(const drop_records& it, protocol::instant now);
  numbered run(const enqueue_task& it, protocol::instant now);
  numbered run(const ack_task& it, protocol::instant now);
  numbered run(const nack_task& it, protocol::instant now);
  numbered run(const credit_account& it, protocol::instant now);

  /// The cursor of what is told; `number` 0: that too.
  std::uint64_t tell(change_kind kind, const std::string& name,
                     std::uint64_t number);
  [[nodiscard]] tasks::iterator find(std::uint64_t task, std::uint64_t token);
  void insert(std::uint64_t id, kept_task what);
  kept_task take(tasks::iterator at);
  void move(tasks::iterator at, protocol::instant due, std::uint64_t token);

  std::vector<std::function<void()>> undo_; ///< Last one first.
  std::map<std::string, kept_value> values_;
  std::map<std::string, kept_stream> streams_;
  std::map<std::string, std::int64_t> accounts_;
  std::map<std::string, kept_lease> leases_;
  tasks tasks_;
  std::set<place> line_; ///< Tasks by queue and by when they are due.
  std::map<std::pair<std::string, std::string>, std::uint64_t> keyed_tasks_;
  std::uint64_t last_task_ = 0;
  std::uint64_t last_token_ = 0;
  std::vector<store_change> changes_; ///< Those behind `forgotten_`.
  std::uint64_t forgotten_ = 0;
};

} // namespace troupe::actors
