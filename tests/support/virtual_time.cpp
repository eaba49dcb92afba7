#include "support/virtual_time.hpp"

#include <caf/actor_companion.hpp>
#include <caf/all.hpp>

#include <algorithm>
#include <utility>

namespace troupe::test {

namespace {

std::unique_ptr<actors::system_config> make_config() {
  auto config = std::make_unique<actors::system_config>(1);
  config->set("scheduler.policy", caf::atom("testing"));
  config->set("logger.inline-output", true);
  return config;
}

caf::actor_companion& companion(const caf::actor& handle) {
  return dynamic_cast<caf::actor_companion&>(
      *caf::actor_cast<caf::abstract_actor*>(handle));
}

} // namespace

virtual_time::virtual_time()
    : config_(make_config()), system_(*config_),
      scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(
          system_.scheduler())) {
  // CAF takes a time of zero for "unset".
  scheduler_.clock().current_time += std::chrono::hours{1};
  clock_ =
      actors::wall_clock{protocol::instant{std::chrono::seconds{1'800'000'000}},
                         scheduler_.clock().now()};
}

virtual_time::~virtual_time() {
  for (auto& handle : started_)
    caf::anon_send_exit(handle, caf::exit_reason::kill);
  started_.clear();
  scheduler_.run();
  while (scheduler_.clock().has_pending_timeout()
         && scheduler_.clock().trigger_timeout())
    scheduler_.run();
  for (const auto& asker : askers_) {
    companion(asker).on_enqueue(nullptr);
    companion(asker).cleanup(caf::exit_reason::user_shutdown, nullptr);
  }
}

void virtual_time::advance(protocol::duration by) {
  while (by > protocol::duration{0}) {
    const auto step =
        std::min<protocol::duration>(by, std::chrono::milliseconds{250});
    scheduler_.advance_time(step);
    scheduler_.run();
    by -= step;
  }
}

std::size_t virtual_time::timers() const {
  return scheduler_.clock().schedule().size();
}

void virtual_time::send_request(
    const caf::strong_actor_ptr& to, caf::message message,
    std::function<void(caf::type_erased_tuple&)> take) {
  askers_.push_back(system_.spawn<caf::actor_companion>());
  auto& asker = companion(askers_.back());
  asker.on_enqueue([take = std::move(take)](caf::mailbox_element_ptr what) {
    take(what->content());
  });
  const auto mid = asker.new_request_id(caf::message_priority::normal);
  to->enqueue(
      caf::make_mailbox_element(asker.ctrl(), mid, {}, std::move(message)),
      nullptr);
  scheduler_.run();
}

void virtual_time::send(const caf::actor& to, caf::message message) {
  caf::anon_send(to, std::move(message));
  scheduler_.run();
}

void virtual_time::end_actor(const caf::actor& who, caf::exit_reason why) {
  caf::anon_send_exit(who, why);
  scheduler_.run();
}

bool virtual_time::take_delta(caf::type_erased_tuple& content,
                              std::vector<delta>& deltas) {
  if (!content.match_elements<delta>())
    return false;
  deltas.push_back(content.get_as<delta>(0));
  return true;
}

protocol::error virtual_time::failure_in(caf::type_erased_tuple& content) {
  if (content.match_elements<caf::error>())
    return actors::from_caf(content.get_as<caf::error>(0));
  return protocol::fail(protocol::errc::internal,
                        "an answer of an unexpected type");
}

} // namespace troupe::test
