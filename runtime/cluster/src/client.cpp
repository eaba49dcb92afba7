#include "client.hpp"

#include "client_mail.hpp"
#include "http/io_thread.hpp"
#include "node_security.hpp"

#include <troupe/certs/certificate_facts.hpp>
#include <troupe/certs/link_context.hpp>

#include <random>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::chrono::seconds answer_patience{30};
/// An agent's tasks may have to end before it moves, and others be asked first.
constexpr std::chrono::seconds agent_patience{90};
/// The largest `move_max`, and what is asked before and after.
constexpr std::chrono::seconds move_patience{690};

/// A connection and its thread.
class client_line {
public:
  client_line(hello mine, link_security security, const std::string& address)
      : mail_(std::make_shared<client_mail>(mine)) {
    mail_->self = mail_;
    connection_ = connection::dial(io_.context(), address, mine, security,
                                   {{client_bytes_max}}, mail_);
  }
  ~client_line() { connection_->close("the command ends"); }
  client_line(const client_line&) = delete;
  client_line& operator=(const client_line&) = delete;

  client_mail& mail() { return *mail_; }

  result<void> say(const client_asks& what) {
    auto bytes = mail_->frame_for(what);
    if (!bytes)
      return bytes.error();
    connection_->send(std::move(*bytes));
    return {};
  }

  result<client_told>
  ask(const client_asks& what,
      std::chrono::milliseconds patience = answer_patience) {
    if (auto said = say(what); !said)
      return said.error();
    auto told = mail_->next(patience);
    if (!told)
      return told.error();
    if (!*told)
      return fail(errc::deadline_exceeded, "the node has not answered");
    if (auto* no = std::get_if<refused>(&**told))
      return std::move(no->why);
    return std::move(**told);
  }

private:
  http::io_thread io_;
  std::shared_ptr<client_mail> mail_;
  std::shared_ptr<connection> connection_;
};

class distant_run final : public cli::followed_run {
public:
  explicit distant_run(std::shared_ptr<client_line> line)
      : line_(std::move(line)) {}

  std::optional<protocol::run_event>
  next_event(std::chrono::milliseconds patience) override {
    if (is_finished())
      return {};
    auto told = line_->mail().next(patience);
    if (!told)
      failure_ = told.error();
    else if (*told) {
      if (auto* event = std::get_if<run_told>(&**told))
        return std::move(event->event);
      if (auto* over = std::get_if<run_over>(&**told))
        report_ = std::move(over->report);
      else if (auto* no = std::get_if<refused>(&**told))
        failure_ = std::move(no->why);
    }
    return {};
  }
  bool is_finished() override { return report_ || failure_; }
  void cancel(std::string reason) override {
    (void)line_->say(stop_run{std::move(reason)});
  }
  void leave() override {}
  result<void> decide(const std::string& task, bool is_yes,
                      const std::string& by, const std::string& note) override {
    return line_->say(decide_here{task, is_yes, by, note});
  }
  result<protocol::run_report> wait() override {
    while (!is_finished())
      (void)next_event(std::chrono::milliseconds{100});
    if (failure_)
      return *failure_;
    return *report_;
  }

private:
  std::shared_ptr<client_line> line_;
  std::optional<protocol::run_report> report_;
  std::optional<protocol::error> failure_;
};

class distant_node final : public cli::far_node {
public:
  explicit distant_node(std::shared_ptr<client_line> line)
      : line_(std::move(line)) {}

  result<cli::node_offer> offer() override {
    auto told = expect<offer_told>(ask_offer{});
    if (!told)
      return told.error();
    return cli::node_offer{std::move(told->agents), std::move(told->models)};
  }
  result<std::vector<node_view>> nodes() override {
    auto told = expect<nodes_told>(ask_nodes{});
    if (!told)
      return told.error();
    return std::move(told->nodes);
  }
  node_view own_versions() const override {
    const hello mine;
    node_view it;
    it.release = TROUPE_RELEASE;
    it.schema = protocol::schema_version;
    it.link_min = mine.version_min;
    it.link_max = mine.version_max;
    return it;
  }
  result<void> join(const std::string& address) override {
    return have_done(ask_join{address});
  }
  result<void> remove(const std::string& name) override {
    return have_done(ask_remove{name});
  }
  result<void> drain(const std::string& name, bool is_on) override {
    return have_done(ask_drain{name, is_on});
  }
  result<cli::state_answer>
  ask_state(const cli::state_question& what) override {
    auto told = expect<state_told>(cluster::ask_state{what});
    if (!told)
      return told.error();
    return std::move(told->what);
  }
  result<void> watch_state(const protocol::subscribe_state& what,
                           const cli::state_watcher& each) override {
    if (auto said = line_->say(cluster::watch_state{what}); !said)
      return said;
    while (true) {
      auto told = line_->mail().next(answer_patience);
      if (!told)
        return told.error();
      if (!*told)
        continue; // nothing has changed for so long
      if (auto* no = std::get_if<refused>(&**told))
        return std::move(no->why);
      const auto* seen = std::get_if<state_seen>(&**told);
      if (seen == nullptr)
        return fail(errc::malformed_message, "it answers something else");
      if (!each(seen->what))
        return {};
    }
  }
  result<std::vector<agent_place>> agents() override {
    auto told = expect<agents_told>(ask_agents{});
    if (!told)
      return told.error();
    return std::move(told->agents);
  }
  result<std::string> start_agent(const protocol::agent_spec& what,
                                  const std::string& on) override {
    return node_of(ask_start{what, on});
  }
  result<std::string> stop_agent(const std::string& name,
                                 const std::string& on) override {
    return node_of(ask_stop{name, on});
  }
  result<std::string> move_agent(const std::string& name,
                                 const std::string& to) override {
    return node_of(ask_move{name, to}, move_patience);
  }
  result<protocol::id> submit(const protocol::mission& mission,
                              const run_options& options) override {
    const auto told = expect<mission_queued>(
        ask_submit{{mission, options.model, options.seed, options.reuse}});
    return told ? result<protocol::id>{told->run} : told.error();
  }
  result<std::vector<queued_mission>> queue() override {
    auto told = expect<queue_told>(ask_queue{});
    if (!told)
      return told.error();
    return std::move(told->queue);
  }
  result<std::unique_ptr<cli::followed_run>>
  start(const protocol::mission& mission, const run_options& options) override {
    const auto begun = expect<run_begun>(
        ask_run{mission, options.model, options.seed, options.reuse});
    if (!begun)
      return begun.error();
    return std::unique_ptr<cli::followed_run>{
        std::make_unique<distant_run>(line_)};
  }

private:
  template <class Told>
  result<Told> expect(const client_asks& what,
                      std::chrono::milliseconds patience = answer_patience) {
    auto told = line_->ask(what, patience);
    if (!told)
      return told.error();
    if (auto* it = std::get_if<Told>(&*told))
      return std::move(*it);
    return fail(errc::malformed_message, "it answers something else");
  }
  result<std::string>
  node_of(const client_asks& what,
          std::chrono::milliseconds patience = agent_patience) {
    auto told = expect<agent_at>(what, patience);
    return told ? result<std::string>{std::move(told->node)} : told.error();
  }
  result<void> have_done(const client_asks& what) {
    const auto told = expect<all_done>(what);
    return told ? result<void>{} : told.error();
  }

  std::shared_ptr<client_line> line_;
};

/// Who the client is: as its certificate says, or anybody on this machine.
result<hello> hello_with(const std::string& cert) {
  hello mine;
  mine.schema = protocol::schema_version;
  mine.release = TROUPE_RELEASE;
  mine.is_client = true;
  mine.name = "client";
  std::random_device device;
  mine.incarnation = device() | 1U;
  mine.session = 1;
  if (cert.empty())
    return mine;
  const auto facts = certs::read_facts(cert);
  if (!facts)
    return facts.error();
  mine.cluster = facts->cluster;
  mine.name = facts->name;
  mine.is_client = facts->role == "client";
  if (!mine.is_client)
    return fail(errc::invalid_request,
                cert
                    + " is the certificate of a node: 'troupe cert client "
                      "NAME' makes one for you");
  return mine;
}

} // namespace

result<std::unique_ptr<cli::far_node>>
connect_client(const cli::node_access& to) {
  const auto where = connection::parse_address(to.address);
  if (!where)
    return where.error();
  if (to.cert.empty() && !is_loopback(where->first))
    return fail(errc::invalid_request,
                "a node elsewhere asks for a certificate: say --cert FILE; "
                "'troupe cert client NAME' makes one");
  node_certificates files;
  if (!to.cert.empty()) {
    const auto beside = certs::files_beside(to.cert);
    files = {beside.ca_file, beside.cert_file, beside.key_file,
             beside.crl_file};
  }
  auto security = make_security(files);
  if (!security)
    return security.error();
  auto mine = hello_with(to.cert);
  if (!mine)
    return mine.error();
  auto line = std::make_shared<client_line>(std::move(*mine),
                                            std::move(*security), to.address);
  if (const auto open = line->mail().wait_open(); !open)
    return fail(errc::unreachable,
                "node " + to.address + " " + open.error().detail);
  return std::unique_ptr<cli::far_node>{
      std::make_unique<distant_node>(std::move(line))};
}

} // namespace troupe::cluster
