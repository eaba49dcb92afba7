#pragma once

#include "store/store_file.hpp"

namespace troupe::store {

/// What a store's file holds, row by row, within the transaction that is open.
/// Errors: `internal` when the file fails; every other code refuses.
class store_tables {
public:
  using numbered = protocol::result<std::uint64_t>;

  explicit store_tables(store_file& file) : file_(file) {}

  protocol::result<void> check(const actors::requirement& it,
                               protocol::instant now);
  /// The op's number.
  numbered apply(const actors::store_op& it, protocol::instant now);

  protocol::result<actors::stored_value> value_of(const std::string& key);
  protocol::result<std::vector<actors::stored_value>>
  list(const std::string& prefix, const std::string& after,
       std::size_t count_max);
  protocol::result<std::vector<actors::stored_record>>
  read(const std::string& stream, std::uint64_t after, std::size_t count_max);
  protocol::result<std::int64_t> funds(const std::string& account);

  protocol::result<std::vector<actors::claimed_task>>
  claim(const std::string& queue, std::size_t count_max,
        protocol::instant until, protocol::instant now);
  protocol::result<bool> extend(std::uint64_t task, std::uint64_t token,
                                protocol::instant until, protocol::instant now);
  numbered lease(const std::string& name, std::uint64_t token,
                 protocol::instant until, protocol::instant now);
  protocol::result<void> release(const std::string& name, std::uint64_t token);

  protocol::result<std::vector<actors::store_change>>
  changes(std::uint64_t cursor, const std::string& prefix,
          std::size_t count_max);
  protocol::result<void> forget(std::uint64_t cursor);

private:
  struct kept_stream {
    std::int64_t number = 0; ///< 0: it is not there.
    std::uint64_t last = 0;
  };
  struct kept_lease {
    std::uint64_t token = 0; ///< 0: nobody holds it.
    protocol::instant until;
  };

  protocol::result<void> holds(const actors::require_revision& it,
                               protocol::instant now);
  protocol::result<void> holds(const actors::require_last& it,
                               protocol::instant now);
  protocol::result<void> holds(const actors::require_lease& it,
                               protocol::instant now);
  protocol::result<void> holds(const actors::require_funds& it,
                               protocol::instant now);
  numbered run(const actors::put_value& it, protocol::instant now);
  numbered run(const actors::delete_key& it, protocol::instant now);
  numbered run(const actors::append_records& it, protocol::instant now);
  numbered run(const actors::drop_records& it, protocol::instant now);
  numbered run(const actors::enqueue_task& it, protocol::instant now);
  numbered run(const actors::ack_task& it, protocol::instant now);
  numbered run(const actors::nack_task& it, protocol::instant now);
  numbered run(const actors::credit_account& it, protocol::instant now);

  /// The cursor of what is told; `number` 0: that too.
  numbered tell(actors::change_kind kind, const std::string& name,
                std::uint64_t number);
  protocol::result<kept_stream> find_stream(const std::string& name);
  protocol::result<kept_lease> find_lease(const std::string& name,
                                          protocol::instant now);
  protocol::result<void> claim_one(actors::claimed_task& it,
                                   protocol::instant until);
  numbered next_token();

  store_file& file_;
};

} // namespace troupe::store
