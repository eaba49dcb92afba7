#include "commands.hpp"
#include "exit_code.hpp"
#include "report/printable.hpp"
#include "report/text_table.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <troupe/certs/cert_folder.hpp>
#include <troupe/certs/link_context.hpp>
#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <filesystem>
#include <utility>

namespace troupe::cli {

using certs::certificate_facts;
using certs::certificate_state;
using certs::days_until;
using protocol::instant;

namespace {

constexpr std::int64_t warn_days = 30;

instant now_of_day() {
  return std::chrono::time_point_cast<protocol::duration>(
      std::chrono::system_clock::now());
}

std::string date_of(instant when) {
  return protocol::to_text(when).substr(0, 10);
}

std::string count_of(std::int64_t count, const std::string& what) {
  return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

std::string in(const std::string& folder, const std::string& name) {
  return (std::filesystem::path{folder} / name).string();
}

/// Anybody has called files and names as they like.
void tell_line(output& to, const std::string& text) {
  to.line(report::printable_line(text));
}

void print_json(console& on, const boost::json::object& value) {
  on.out.line(boost::json::serialize(value));
}

void warn_of_end(console& on, const std::string& whose, instant end,
                 instant now) {
  const auto left = days_until(end, now);
  if (left < 0)
    tell_line(on.err, "warning: " + whose + " has expired on " + date_of(end));
  else if (left < warn_days)
    tell_line(on.err, "warning: " + whose + " ends in " + count_of(left, "day")
                          + ", on " + date_of(end));
}

boost::json::object json_of(const certificate_facts& facts, instant now) {
  auto value = protocol::to_json(facts).as_object();
  value["days_left"] = days_until(facts.valid_until, now);
  return value;
}

certs::folder_access access_of(const cert_arguments& given) {
  return {given.folder, now_of_day(), given.force};
}

int init(const cert_arguments& given, console& on) {
  const auto at = access_of(given);
  const auto made = certs::start_authority(
      at, given.cluster,
      std::chrono::days{given.days == 0 ? 3'650 : given.days});
  if (!made)
    return refuse(made.error(), on);
  if (given.json) {
    print_json(on, {{"authority", json_of(*made, at.now)}});
    return exit_done;
  }
  tell_line(on.out, "the authority of '" + made->cluster + "' is in "
                        + given.folder + ", valid until "
                        + date_of(made->valid_until));
  tell_line(on.err, "keep " + in(given.folder, "ca.key")
                        + " secret and away from nodes; go on with 'troupe "
                          "cert node NAME --address HOST'");
  return exit_done;
}

int issue(const cert_arguments& given, certs::peer_role role, console& on) {
  const auto at = access_of(given);
  const auto made = certs::issue_certificate(
      at, {role, given.name, given.addresses, at.now,
           std::chrono::days{given.days == 0 ? 365 : given.days}});
  if (!made)
    return refuse(made.error(), on);
  const auto base = in(given.folder, made->name);
  if (given.json) {
    print_json(on, {{"certificate", json_of(*made, at.now)},
                    {"files", {base + ".crt", base + ".key"}}});
    return exit_done;
  }
  tell_line(on.out, base + ".crt and " + base + ".key: " + made->role + " '"
                        + made->name + "' of '" + made->cluster
                        + "', valid until " + date_of(made->valid_until));
  tell_line(on.err, "carry both there, with " + in(given.folder, "ca.crt")
                        + " and " + in(given.folder, "ca.crl"));
  return exit_done;
}

std::string facts_text(const std::string& file, const certificate_facts& it,
                       instant now) {
  std::string addresses;
  for (const auto& each : it.addresses)
    addresses += (addresses.empty() ? "" : ", ") + each;
  return file + '\n' + "  " + it.role + (it.name.empty() ? "" : ' ' + it.name)
         + " of " + it.cluster + '\n'
         + (addresses.empty() ? "" : "  addresses: " + addresses + '\n')
         + "  valid: " + date_of(it.valid_from) + " to "
         + date_of(it.valid_until) + ", "
         + count_of(days_until(it.valid_until, now), "day") + " left\n"
         + "  serial: " + it.serial + '\n' + "  sha256: " + it.fingerprint
         + '\n';
}

int show(const cert_arguments& given, console& on) {
  int code = exit_done;
  boost::json::array all;
  const auto now = now_of_day();
  for (const auto& file : given.files) {
    const auto facts = certs::read_facts(file);
    if (!facts) {
      code = refuse(facts.error(), on);
    } else if (given.json) {
      auto value = json_of(*facts, now);
      value["file"] = file;
      all.push_back(std::move(value));
    } else {
      on.out.write(report::printable(facts_text(file, *facts, now)));
    }
  }
  if (given.json)
    print_json(on, {{"certificates", std::move(all)}});
  return code;
}

int check(const cert_arguments& given, console& on) {
  const auto now = now_of_day();
  auto files = certs::files_beside(given.files.front());
  for (const auto& [named, file] :
       {std::pair{&given.ca_file, &files.ca_file},
        std::pair{&given.key_file, &files.key_file},
        std::pair{&given.crl_file, &files.crl_file}})
    if (!named->empty())
      *file = *named;
  const auto checks = certs::check_link_files(files, now);
  boost::json::array all;
  int code = exit_done;
  for (const auto& each : checks) {
    std::string problem;
    if (each.problem) {
      code = exit_bad_input;
      problem = std::string{to_string(each.problem->code)} + ": "
                + each.problem->detail;
    }
    if (given.json)
      all.push_back({{"check", each.what}, {"problem", problem}});
    else
      tell_line(on.out, each.what + ": " + (problem.empty() ? "ok" : problem));
  }
  if (given.json)
    print_json(on, {{"is_good", code == exit_done}, {"checks", all}});
  if (code == exit_done)
    for (const auto& file : {files.cert_file, files.ca_file})
      if (const auto facts = certs::read_facts(file))
        warn_of_end(on, file, facts->valid_until, now);
  return code;
}

int revoke(const cert_arguments& given, console& on) {
  const auto revoked = certs::revoke_certificates(access_of(given), given.name);
  if (!revoked)
    return refuse(revoked.error(), on);
  const auto list = in(given.folder, "ca.crl");
  if (given.json) {
    print_json(on, {{"revoked", protocol::to_json(*revoked)}, {"list", list}});
    return exit_done;
  }
  tell_line(
      on.out,
      revoked->empty()
          ? "all certificates of '" + given.name + "' were revoked before"
          : count_of(static_cast<std::int64_t>(revoked->size()), "certificate")
                + " of '" + given.name + "' revoked");
  tell_line(on.err, "carry " + list + " to every node");
  return exit_done;
}

report::tone look_of(certificate_state state) {
  return state == certificate_state::good       ? report::tone::good
         : state == certificate_state::replaced ? report::tone::faint
                                                : report::tone::bad;
}

void print_list(const certs::folder_contents& kept,
                const std::vector<certificate_state>& states, instant now,
                const cert_arguments& given, console& on) {
  report::text_table table{{{"NAME", false, true},
                            {"ROLE"},
                            {"ENDS"},
                            {"DAYS", true},
                            {"STATE"},
                            {"SERIAL", false, true}}};
  const auto add = [&](const std::string& name, const std::string& role,
                       instant end, certificate_state state,
                       const std::string& serial) {
    table.add_row({{name},
                   {role},
                   {date_of(end)},
                   {std::to_string(days_until(end, now))},
                   {std::string{protocol::enum_name(state)}, look_of(state)},
                   {serial}});
  };
  add(kept.authority.cluster, "authority", kept.authority.valid_until,
      kept.authority.valid_until < now ? certificate_state::expired
                                       : certificate_state::good,
      kept.authority.serial);
  for (std::size_t i = 0; i < kept.issued.size(); ++i) {
    const auto& it = kept.issued[i];
    add(it.name, std::string{protocol::enum_name(it.role)}, it.valid_until,
        states[i], it.serial);
  }
  on.out.write(table.text(page_for(on.out, given.no_color)));
}

int list(const cert_arguments& given, console& on) {
  const auto kept = certs::list_certificates(given.folder);
  if (!kept)
    return refuse(kept.error(), on);
  const auto now = now_of_day();
  const auto states = certs::states_of(kept->issued, now);
  if (given.json) {
    boost::json::array all;
    for (std::size_t i = 0; i < kept->issued.size(); ++i) {
      auto value = protocol::to_json(kept->issued[i]).as_object();
      value["state"] = protocol::enum_name(states[i]);
      value["days_left"] = days_until(kept->issued[i].valid_until, now);
      all.push_back(std::move(value));
    }
    print_json(on, {{"authority", json_of(kept->authority, now)},
                    {"certificates", std::move(all)}});
  } else {
    print_list(*kept, states, now, given, on);
  }
  warn_of_end(on, "the authority", kept->authority.valid_until, now);
  for (std::size_t i = 0; i < states.size(); ++i)
    if (states[i] == certificate_state::good
        || states[i] == certificate_state::expired)
      warn_of_end(on, "'" + kept->issued[i].name + "'",
                  kept->issued[i].valid_until, now);
  return exit_done;
}

} // namespace

int keep_certificates(const cert_arguments& given, console& on) {
  switch (given.action) {
  case cert_action::init:
    return init(given, on);
  case cert_action::node:
    return issue(given, certs::peer_role::node, on);
  case cert_action::client:
    return issue(given, certs::peer_role::client, on);
  case cert_action::show:
    return show(given, on);
  case cert_action::check:
    return check(given, on);
  case cert_action::revoke:
    return revoke(given, on);
  case cert_action::list:
    break;
  }
  return list(given, on);
}

} // namespace troupe::cli
