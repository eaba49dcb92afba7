#include "troupe/cluster/node.hpp"

#include "node_inside.hpp"
#include "node_security.hpp"
#include "node_self.hpp"
#include "node_settings.hpp"

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

node::node(std::unique_ptr<implementation> self) : self_(std::move(self)) {}
node::~node() = default;

result<std::unique_ptr<node>> node::start(const node_config& config,
                                          runtime_config host) {
  std::string problems;
  for (const auto& it : problems_of(config))
    problems += it + "\n";
  if (!problems.empty())
    return fail(errc::config_invalid, std::move(problems));
  auto security = make_security(config.certificates);
  if (!security)
    return security.error();
  if (auto good = check_own_name(config); !good)
    return good.error();
  if (auto good = check_ledger(config, host); !good)
    return good.error();
  auto self = std::make_unique<implementation>(config, std::move(*security),
                                               shared_accounts_of(host));
  if (auto begun = self->start(std::move(host)); !begun)
    return begun.error();
  return std::unique_ptr<node>{new node{std::move(self)}};
}

runtime& node::host() {
  return self_->host();
}

std::string node::address() const {
  return self_->address();
}

result<std::vector<node_view>> node::nodes() {
  auto all = self_->ask<nodes_listed>(list_nodes{});
  if (!all)
    return all.error();
  return std::move(all->nodes);
}

result<void> node::join(const std::string& address) {
  const auto outcome = self_->ask<node_done>(join_node{address});
  return outcome ? result<void>{} : outcome.error();
}

result<void> node::remove(const std::string& name) {
  const auto outcome = self_->ask<node_done>(remove_node{name});
  return outcome ? result<void>{} : outcome.error();
}

result<void> node::drain(const std::string& name, bool is_on) {
  const auto outcome = self_->ask<node_done>(drain_node{name, is_on});
  return outcome ? result<void>{} : outcome.error();
}

agent_desk& node_inside::desk_of(node& of) {
  return of.self_->agents();
}

link_found node_inside::link_to(node& from, const std::string& name) {
  auto found = from.self_->ask<link_found>(find_link{name});
  return found ? std::move(*found) : link_found{};
}

bool node::is_idle() {
  return self_->is_idle();
}

} // namespace troupe::cluster
