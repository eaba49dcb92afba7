#include "connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>

namespace troupe::postgres {

using protocol::errc;
using protocol::fail;
using protocol::result;
using std::chrono::steady_clock;

namespace {

/// What a server says that ends, or that is not the one to be written to.
bool ends_connection(std::string_view state) {
  return state.starts_with("08") || state.starts_with("57P") || state == "25P03"
         || state == "25006";
}

/// How a server says that a commit is on its own disk alone.
bool is_about_standby(const PGresult* it) {
  const auto* kind = PQresultErrorField(it, PG_DIAG_SEVERITY_NONLOCALIZED);
  const auto* state = PQresultErrorField(it, PG_DIAG_SQLSTATE);
  const std::string_view code{state == nullptr ? "" : state};
  return kind != nullptr && std::string_view{kind} == "WARNING"
         && (code == "01000" || code == "57P01" || code == "57014");
}

} // namespace

std::string_view rows::view(int row, int column) const {
  if (row >= size() || column >= PQnfields(it_.get()))
    return {};
  return {PQgetvalue(it_.get(), row, column),
          static_cast<std::size_t>(PQgetlength(it_.get(), row, column))};
}

connection::connection(connection_options options)
    : options_(std::move(options)) {}

void connection::close() noexcept {
  it_.reset();
}

result<void> connection::open() {
  if (it_) {
    // What has come unasked: the server's last word, as a rule.
    pollfd look{PQsocket(it_.get()), POLLIN, 0};
    if (look.fd >= 0 && poll(&look, 1, 0) > 0)
      (void)PQconsumeInput(it_.get());
    if (PQstatus(it_.get()) == CONNECTION_OK)
      return {};
    close();
  }
  if (auto good = connect(); !good)
    return good;
  auto good = set_up();
  if (good)
    good = prepare();
  if (!good)
    close();
  return good;
}

trip connection::send(std::span<const query> all) {
  trip out;
  if (!it_) {
    out.failure = lost("there is no connection");
    return out;
  }
  for (const auto& it : all) {
    const auto name = std::to_string(static_cast<int>(it.which));
    std::vector<const char*> texts;
    std::vector<int> lengths;
    for (const auto& value : it.given.all()) {
      texts.push_back(value ? value->data() : nullptr);
      lengths.push_back(value ? static_cast<int>(value->size()) : 0);
    }
    const std::vector<int> forms(texts.size(), 1);
    if (PQsendQueryPrepared(it_.get(), name.c_str(),
                            static_cast<int>(texts.size()), texts.data(),
                            lengths.data(), forms.data(), 1)
        == 0) {
      out.failure = lost(problem());
      return out;
    }
  }
  return receive(all.size());
}

trip connection::send_texts(std::span<const text_query> all) {
  trip out;
  for (const auto& it : all) {
    std::vector<const char*> texts;
    std::vector<int> lengths;
    for (const auto& value : it.given.all()) {
      texts.push_back(value ? value->data() : nullptr);
      lengths.push_back(value ? static_cast<int>(value->size()) : 0);
    }
    const std::vector<int> forms(texts.size(), 1);
    if (PQsendQueryParams(it_.get(), it.text.c_str(),
                          static_cast<int>(texts.size()), nullptr, texts.data(),
                          lengths.data(), forms.data(), 1)
        == 0) {
      out.failure = lost(problem());
      return out;
    }
  }
  return receive(all.size());
}

trip connection::receive(std::size_t count) {
  trip out;
  is_in_doubt_ = false;
  if (PQpipelineSync(it_.get()) == 0) {
    out.failure = lost(problem());
    return out;
  }
  const auto deadline = steady_clock::now() + options_.command_timeout;
  std::optional<trip_failure> broken;
  for (std::size_t ended = 0; ended <= count;) {
    auto* got = next(deadline, broken);
    if (broken) {
      if (!out.failure)
        out.failure = std::move(broken);
      break;
    }
    if (got == nullptr) { // the answer to one query is complete
      ++ended;
      continue;
    }
    rows answer{got};
    const auto status = PQresultStatus(got);
    if (status == PGRES_PIPELINE_SYNC)
      break;
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
      out.all.push_back(std::move(answer));
    else if (status != PGRES_PIPELINE_ABORTED && !out.failure)
      out.failure = failed(got, out.all.size());
  }
  out.is_in_doubt = is_in_doubt_;
  if (out.failure && (!it_ || ends_connection(out.failure->state)))
    close();
  return out;
}

PGresult* connection::next(instant deadline,
                           std::optional<trip_failure>& failure) {
  for (;;) {
    const auto left = PQflush(it_.get());
    if (left < 0) {
      failure = lost(problem());
      return nullptr;
    }
    if (PQisBusy(it_.get()) == 0)
      return PQgetResult(it_.get());
    const auto time = std::chrono::ceil<std::chrono::milliseconds>(
        deadline - steady_clock::now());
    pollfd wait{PQsocket(it_.get()),
                static_cast<short>(left > 0 ? POLLIN | POLLOUT : POLLIN), 0};
    const auto ready = poll(
        &wait, 1, static_cast<int>(std::max<std::int64_t>(time.count(), 0)));
    if (ready == 0) {
      failure = lost("the server has not answered in time");
      return nullptr;
    }
    if (ready < 0 && errno == EINTR)
      continue;
    if (ready < 0 || PQconsumeInput(it_.get()) == 0) {
      failure = lost(problem());
      return nullptr;
    }
  }
}

/// Nothing more is said to it. What it has not answered it gives up by itself.
trip_failure connection::lost(const std::string& what) {
  close();
  return {fail(errc::unreachable, "PostgreSQL: " + what), {}, {}};
}

trip_failure connection::failed(const PGresult* it, std::size_t at) {
  const auto field = [it](int which) {
    const auto* text = PQresultErrorField(it, which);
    return std::string{text == nullptr ? "" : text};
  };
  trip_failure out;
  out.state = field(PG_DIAG_SQLSTATE);
  if (out.state.empty()) { // libpq's own word: the connection is gone
    out.state = "08006";
    out.why = fail(errc::unreachable, "PostgreSQL: the connection was lost");
    return out;
  }
  out.at = at;
  // Not its detail, which shows values.
  out.why = fail(
      ends_connection(out.state) ? errc::unreachable : errc::internal,
      "PostgreSQL: " + field(PG_DIAG_MESSAGE_PRIMARY) + " (" + out.state + ")");
  return out;
}

void connection::take_notice(void* self, const PGresult* it) {
  if (is_about_standby(it))
    static_cast<connection*>(self)->is_in_doubt_ = true;
}

} // namespace troupe::postgres
