// The command `state`: what the nodes of a cluster share.
#include "commands.hpp"
#include "exit_code.hpp"
#include "report/printable.hpp"
#include "report/text_table.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

namespace troupe::cli {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

template <class T>
void print_json(const T& it, console& on) {
  on.out.line(boost::json::serialize(protocol::to_json(it)));
}

/// Errors: `invalid_request` (a time that is none); those of the node.
result<state_answer> ask(far_node& at, const state_arguments& given) {
  using protocol::state_operation;
  if (given.action == state_action::get)
    return at.ask_state(protocol::read_state{given.key});
  protocol::state_write write{
      given.key, state_operation::remove, given.expected, {}, {}};
  if (given.action == state_action::put) {
    write.operation = state_operation::put;
    write.value = given.value;
    if (!given.ttl.empty()) {
      const auto ttl = protocol::parse_duration(given.ttl);
      if (!ttl)
        return fail(errc::invalid_request, "--ttl: " + ttl.error().detail);
      write.ttl = *ttl;
    }
  }
  return at.ask_state(protocol::write_state{{std::move(write)}, {}, 0});
}

int print_value(const protocol::state_value& it, const state_arguments& given,
                console& on) {
  if (given.json)
    print_json(it, on);
  else if (it.entry)
    on.out.line(report::printable_line(it.entry->value));
  if (it.entry)
    return exit_done;
  on.err.line("troupe: there is no key '" + report::printable_line(given.key)
              + "'");
  return exit_failed;
}

int print_written(const protocol::state_written& it,
                  const state_arguments& given, console& on) {
  if (given.json)
    print_json(it, on);
  else if (given.action == state_action::remove)
    on.out.line(it.versions.front() == 0 ? "there was no such key"
                                         : "it is deleted");
  else
    on.out.line("version " + std::to_string(it.versions.front()));
  return exit_done;
}

int list_all(far_node& at, const state_arguments& given, console& on) {
  report::text_table table{
      {{"KEY"}, {"VERSION", true, false, 2}, {"VALUE", false, true, 1}}};
  protocol::list_state next{given.key};
  while (true) {
    const auto told = at.ask_state(next);
    if (!told)
      return refuse(told.error(), on);
    const auto* page = std::get_if<protocol::state_listed>(&*told);
    if (page == nullptr || page->entries.empty())
      break;
    for (const auto& it : page->entries)
      if (given.json)
        print_json(it, on);
      else
        table.add_row({{it.key}, {std::to_string(it.version)}, {it.value}});
    if (!page->has_more)
      break;
    next.after = page->entries.back().key;
  }
  if (!given.json)
    on.out.write(table.text(page_for(on.out, given.no_color)));
  return exit_done;
}

std::string kind_text(protocol::state_change_kind it) {
  switch (it) {
  case protocol::state_change_kind::created:
    return "created";
  case protocol::state_change_kind::changed:
    return "changed";
  case protocol::state_change_kind::deleted:
    return "deleted";
  default:
    return "expired";
  }
}

void print_event(const state_event& it, console& on) {
  if (const auto* commit = std::get_if<protocol::state_commit>(&it)) {
    for (const auto& change : commit->changes)
      on.out.line(report::printable_line(
          std::to_string(commit->revision) + "  " + kind_text(change.kind)
          + "  " + change.key + "  " + std::to_string(change.version) + "  "
          + change.value));
  } else if (const auto* part = std::get_if<protocol::state_resync>(&it)) {
    for (const auto& entry : part->entries)
      on.out.line(report::printable_line(
          std::to_string(part->revision) + "  is  " + entry.key + "  "
          + std::to_string(entry.version) + "  " + entry.value));
  } else {
    on.err.line("troupe: some changes were missed; the state follows anew");
  }
}

int watch_all(far_node& at, const state_arguments& given, console& on) {
  std::uint64_t seen = 0;
  const auto outcome =
      at.watch_state({given.key, true}, [&](const state_event& it) {
        if (given.json)
          std::visit([&](const auto& each) { print_json(each, on); }, it);
        else
          print_event(it, on);
        seen += std::holds_alternative<protocol::state_commit>(it) ? 1 : 0;
        return given.count == 0 || seen < given.count;
      });
  return outcome ? exit_done : refuse(outcome.error(), on);
}

} // namespace

int use_state(const state_arguments& given, const far_arguments& far,
              const connect_node& connect, console& on) {
  const auto at = reach(far, connect);
  if (!at)
    return refuse(at.error(), on);
  if (given.action == state_action::list)
    return list_all(**at, given, on);
  if (given.action == state_action::watch)
    return watch_all(**at, given, on);
  const auto told = ask(**at, given);
  if (!told)
    return refuse(told.error(), on);
  if (const auto* value = std::get_if<protocol::state_value>(&*told))
    return print_value(*value, given, on);
  if (const auto* written = std::get_if<protocol::state_written>(&*told))
    return print_written(*written, given, on);
  return refuse(fail(errc::malformed_message, "it answers something else"), on);
}

} // namespace troupe::cli
