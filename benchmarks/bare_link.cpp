#include "bare_link.hpp"

#include "measure.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/openssl/all.hpp>

#include <future>

namespace troupe::benchmarks {

struct bare_ask {
  std::uint64_t number = 0;
  std::string first;
  std::string second;
  std::string third;
};

struct bare_answer {
  std::uint64_t number = 0;
  std::string text;
};

struct bare_note {
  std::string first;
  std::string second;
  std::string third;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, bare_ask& x) {
  return f(caf::meta::type_name("bare_ask"), x.number, x.first, x.second,
           x.third);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, bare_answer& x) {
  return f(caf::meta::type_name("bare_answer"), x.number, x.text);
}
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, bare_note& x) {
  return f(caf::meta::type_name("bare_note"), x.first, x.second, x.third);
}

namespace {

struct bare_config : caf::actor_system_config {
  explicit bare_config(const std::string& folder, const std::string& name) {
    load<caf::io::middleman>();
    add_message_type<bare_ask>("bare_ask");
    add_message_type<bare_answer>("bare_answer");
    add_message_type<bare_note>("bare_note");
    set("scheduler.max-threads", std::size_t{2});
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-throughput", std::size_t{100});
    if (folder.empty())
      return;
    load<caf::openssl::manager>();
    openssl_certificate = folder + "/" + name + ".crt";
    openssl_key = folder + "/" + name + ".key";
    openssl_cafile = folder + "/ca.crt";
  }
};

const std::string third_part(asked_bytes / 3, 'x');

caf::behavior bare_server(caf::event_based_actor*) {
  return {
      [](const bare_ask& it) {
        return bare_answer{it.number, std::string(answered_bytes, 'y')};
      },
      [](const bare_note&) {},
  };
}

struct run_bare {
  std::size_t count = 0;
  std::size_t at_once = 0;
  std::shared_ptr<std::promise<std::vector<double>>> then;
};
struct tell_bare {
  std::size_t count = 0;
  std::shared_ptr<std::promise<double>> then;
};

} // namespace

} // namespace troupe::benchmarks

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::benchmarks::run_bare)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::benchmarks::tell_bare)

namespace troupe::benchmarks {

namespace {

class bare_client : public caf::event_based_actor {
public:
  bare_client(caf::actor_config& cfg, caf::actor server)
      : event_based_actor(cfg), server_(std::move(server)) {}

  caf::behavior make_behavior() override {
    return {
        [this](const run_bare& it) {
          work_ = it;
          took_.clear();
          took_.reserve(it.count);
          asked_ = 0;
          for (std::size_t i = 0; i < it.at_once; ++i)
            ask();
        },
        [this](const tell_bare& it) {
          const auto start = seconds_now();
          tell(it, start, it.count);
        },
    };
  }

private:
  void ask() {
    if (asked_ == work_.count)
      return;
    const auto start = seconds_now();
    request(server_, caf::infinite,
            bare_ask{asked_++, third_part, third_part, third_part})
        .then([this, start](const bare_answer&) {
          took_.push_back((seconds_now() - start) * 1e6);
          if (took_.size() == work_.count)
            work_.then->set_value(std::move(took_));
          else
            ask();
        });
  }

  /// By stretches, so that neither side keeps more than one of them.
  void tell(const tell_bare& it, double start, std::size_t left) {
    constexpr std::size_t stretch = 10'000;
    const auto now = std::min(stretch, left);
    for (std::size_t i = 0; i < now; ++i)
      send(server_, bare_note{third_part, third_part, third_part});
    request(server_, caf::infinite, bare_ask{})
        .then([this, it, start, left, now](const bare_answer&) {
          if (left == now)
            it.then->set_value(seconds_now() - start);
          else
            tell(it, start, left - now);
        });
  }

  caf::actor server_;
  run_bare work_;
  std::size_t asked_ = 0;
  std::vector<double> took_;
};

} // namespace

int serve_bare(const std::string& folder) {
  bare_config config{folder, "b"};
  caf::actor_system system{config};
  const auto server = system.spawn(bare_server);
  const auto port = folder.empty()
                        ? system.middleman().publish(server, 0, "127.0.0.1")
                        : caf::openssl::publish(server, 0, "127.0.0.1");
  if (!port)
    wrong("bare CAF cannot listen");
  stay("127.0.0.1:" + std::to_string(*port));
}

link_pass measure_bare(const std::string& folder, std::size_t requests) {
  const other_side other{"bare", folder};
  bare_config config{folder, "a"};
  caf::actor_system system{config};
  const auto port = static_cast<std::uint16_t>(
      std::stoi(other.address().substr(other.address().rfind(':') + 1)));
  const auto server =
      folder.empty() ? system.middleman().remote_actor("127.0.0.1", port)
                     : caf::openssl::remote_actor(system, "127.0.0.1", port);
  if (!server)
    wrong("bare CAF cannot connect");
  const auto client = system.spawn<bare_client>(*server);
  const auto pass = measure_pass(
      [&](std::size_t count, std::size_t at_once) {
        auto then = std::make_shared<std::promise<std::vector<double>>>();
        auto all = then->get_future();
        caf::anon_send(client, run_bare{count, at_once, then});
        return all.get();
      },
      [&](std::size_t count) {
        auto then = std::make_shared<std::promise<double>>();
        auto took = then->get_future();
        caf::anon_send(client, tell_bare{count, then});
        return took.get();
      },
      requests);
  caf::anon_send_exit(client, caf::exit_reason::kill);
  return pass;
}

} // namespace troupe::benchmarks
