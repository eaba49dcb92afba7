#pragma once

#include "statements.hpp"

#include <troupe/protocol/result.hpp>

#include <chrono>
#include <libpq-fe.h>
#include <memory>
#include <span>

namespace troupe::postgres {

struct connection_options {
  std::string conninfo;
  std::string schema;
  std::chrono::seconds connect_timeout{};
  std::chrono::milliseconds command_timeout{};
};

/// What a statement has given.
class rows {
public:
  explicit rows(PGresult* it) : it_(it) {}

  [[nodiscard]] int size() const noexcept { return PQntuples(it_.get()); }
  [[nodiscard]] std::int64_t number(int row, int column) const {
    return number_of(view(row, column));
  }
  [[nodiscard]] std::uint64_t count(int row, int column) const {
    return static_cast<std::uint64_t>(number(row, column));
  }
  [[nodiscard]] std::string bytes(int row, int column) const {
    return std::string{view(row, column)};
  }
  /// As in `UPDATE 3`.
  [[nodiscard]] std::string_view tag() const { return PQcmdStatus(it_.get()); }

private:
  struct clear {
    void operator()(PGresult* it) const { PQclear(it); }
  };
  [[nodiscard]] std::string_view view(int row, int column) const;

  std::unique_ptr<PGresult, clear> it_;
};

/// A statement and what it is given.
struct query {
  sql which;
  values given{};
};

struct trip_failure {
  protocol::error why;
  /// The server says that this query of the trip has failed, and so has done
  /// none from there on; null: nobody knows how far it came.
  std::optional<std::size_t> at;
  std::string state; ///< SQLSTATE; empty: the server has not said.
};

/// What a trip to the server has brought.
struct trip {
  std::vector<rows> all; ///< By query, up to the one that failed.
  std::optional<trip_failure> failure;
  /// The server says that a wait for a standby was broken off.
  bool is_in_doubt = false;
};

/// One connection to a server, with all that is said to it prepared. Used by
/// one thread at a time. Each wait has an end.
class connection {
public:
  explicit connection(connection_options options);

  /// Makes the connection where there is none or it was lost. Errors:
  /// `unreachable`, `config_invalid`.
  protocol::result<void> open();

  /// Sends all of them and waits for all answers: one round trip. After one
  /// that failed the others are not done. A connection of which nothing is
  /// known any more is closed.
  trip send(std::span<const query> all);

  void close() noexcept;

  [[nodiscard]] bool is_open() const noexcept { return it_ != nullptr; }

  /// What the server is set to do.
  [[nodiscard]] bool has_fsync() const noexcept { return has_fsync_; }
  [[nodiscard]] bool has_standbys() const noexcept { return has_standbys_; }

private:
  using instant = std::chrono::steady_clock::time_point;
  struct finish {
    void operator()(PGconn* it) const { PQfinish(it); }
  };
  struct text_query {
    std::string text;
    values given{};
  };

  protocol::result<void> connect();
  protocol::result<void> set_up();
  protocol::result<void> prepare();
  trip send_texts(std::span<const text_query> all);
  /// Takes the answers to `count` queries that were sent.
  trip receive(std::size_t count);
  /// Null: there is none; then `failure` may say why.
  PGresult* next(instant deadline, std::optional<trip_failure>& failure);
  /// What of libpq's own messages may be told.
  [[nodiscard]] std::string problem() const;
  [[nodiscard]] trip_failure lost(const std::string& what);
  [[nodiscard]] static trip_failure failed(const PGresult* it, std::size_t at);
  static void take_notice(void* self, const PGresult* it);

  friend class schema_maker;

  connection_options options_;
  std::vector<std::string> secrets_; // of the connection string
  std::unique_ptr<PGconn, finish> it_;
  bool is_in_doubt_ = false;
  bool has_fsync_ = true;
  bool has_standbys_ = false;
};

} // namespace troupe::postgres
