#include "cert_syntax.hpp"

#include "common_options.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace troupe::cli {

namespace {

void add_folder(CLI::App& command, cert_arguments& given) {
  command
      .add_option("--dir", given.folder,
                  "The folder of the authority; else ./certs")
      ->type_name("DIR");
}

void add_making(CLI::App& command, cert_arguments& given,
                const std::string& usual) {
  command
      .add_option("--days", given.days,
                  "So long the certificate is valid; else " + usual)
      ->type_name("N")
      ->check(CLI::Range(1, 36'500).description("1..36500"));
  command.add_flag("--force", given.force, "Replace what is there");
  add_folder(command, given);
  add_json(command, given.json, "One JSON object");
}

/// A command inside `cert`.
CLI::App* add_action(CLI::App& cert, const std::string& name,
                     const std::string& help, const std::string& examples,
                     cert_arguments& given, cert_action action) {
  auto* made = add_command(cert, name, help, examples);
  made->callback([&given, action] { given.action = action; });
  return made;
}

void add_name(CLI::App& command, cert_arguments& given,
              const std::string& help) {
  command.add_option("name", given.name, help)->required()->type_name("NAME");
}

void add_issuing(CLI::App& cert, cert_arguments& given) {
  auto* init = add_action(cert, "init", "Make the authority of a cluster",
                          "  troupe cert init --cluster harbour\n"
                          "  troupe cert init --cluster harbour --dir /etc/ca",
                          given, cert_action::init);
  init->add_option("--cluster", given.cluster, "The name of the cluster")
      ->required()
      ->type_name("NAME");
  add_making(*init, given, "10 years");
  auto* node = add_action(
      cert, "node", "Issue a certificate to a node",
      "  troupe cert node buoy --address buoy.example --address 10.0.0.7",
      given, cert_action::node);
  add_name(*node, given, "The name of the node, unique in the cluster");
  node->add_option("--address", given.addresses,
                   "A host name or IP address of it; may be repeated")
      ->required()
      ->type_name("HOST")
      ->allow_extra_args(false);
  add_making(*node, given, "a year");
  auto* client = add_action(cert, "client", "Issue a certificate to a client",
                            "  troupe cert client ada --days 90", given,
                            cert_action::client);
  add_name(*client, given, "The name of the client, unique in the cluster");
  add_making(*client, given, "a year");
}

void add_looking(CLI::App& cert, cert_arguments& given) {
  auto* show =
      add_action(cert, "show", "Show whom certificates name",
                 "  troupe cert show certs/*.crt", given, cert_action::show);
  show->add_option("files", given.files, "Certificates in PEM form")
      ->required()
      ->type_name("FILE");
  add_json(*show, given.json, "One JSON object");
  auto* check = add_action(
      cert, "check",
      "Check what a node has: authority, dates, key, who may read it",
      "  troupe cert check certs/buoy.crt\n"
      "  troupe cert check node.crt --ca ca.crt --key node.key",
      given, cert_action::check);
  check->add_option("file", given.files, "The certificate in PEM form")
      ->required()
      ->expected(1)
      ->type_name("FILE");
  check->add_option("--ca", given.ca_file, "Else ca.crt beside the certificate")
      ->type_name("FILE");
  check
      ->add_option("--key", given.key_file,
                   "Else the certificate's name with .key")
      ->type_name("FILE");
  check
      ->add_option("--crl", given.crl_file,
                   "Else ca.crl beside the certificate, if it is there")
      ->type_name("FILE");
  add_json(*check, given.json, "One JSON object");
}

void add_keeping(CLI::App& cert, cert_arguments& given) {
  auto* revoke = add_action(
      cert, "revoke", "Revoke all certificates of a name, write the list anew",
      "  troupe cert revoke buoy", given, cert_action::revoke);
  add_name(*revoke, given, "Of a node or client, as 'cert list' shows it");
  add_folder(*revoke, given);
  add_json(*revoke, given.json, "One JSON object");
  auto* list =
      add_action(cert, "list", "List what was issued, with the days left",
                 "  troupe cert list\n"
                 "  troupe cert list --dir /etc/ca --json",
                 given, cert_action::list);
  add_folder(*list, given);
  add_json(*list, given.json, "One JSON object");
  add_no_color(*list, given.no_color);
}

} // namespace

void add_cert(CLI::App& app, cert_arguments& given) {
  auto* cert = add_command(
      app, "cert", "Make, check and revoke the certificates of a cluster",
      "  troupe cert init --cluster harbour\n"
      "  troupe cert node buoy --address 10.0.0.7\n"
      "  troupe cert check certs/buoy.crt\n"
      "  troupe cert list");
  cert->require_subcommand(1);
  add_issuing(*cert, given);
  add_looking(*cert, given);
  add_keeping(*cert, given);
}

} // namespace troupe::cli
