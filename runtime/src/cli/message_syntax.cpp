#include "message_syntax.hpp"

#include "common_options.hpp"

namespace troupe::cli {

void add_schema(CLI::App& app, schema_arguments& given) {
  auto* schema = add_command(
      app, "schema", "Print the schemas of messages: JSON Schema or XSD",
      "  troupe schema --type perform_task\n"
      "  troupe schema --xsd > troupe.xsd");
  auto* json =
      schema->add_flag("--json", given.json, "JSON Schema; so without a flag");
  schema->add_flag("--xsd", given.xsd, "XML Schema")->excludes(json);
  schema->add_flag("--mission", given.mission, "JSON Schema of mission files");
  schema->add_option("--type", given.type, "One message, as in perform_task")
      ->type_name("NAME");
}

void add_message(CLI::App& app, message_arguments& given) {
  auto* message =
      add_command(app, "message", "Check messages, or print one to start from",
                  "  troupe message validate request.json answer.xml\n"
                  "  troupe message template perform_task --xml");
  message->require_subcommand(1);
  auto* validate = add_command(
      *message, "validate", "Check messages, JSON or XML; tells what is wrong",
      "  troupe message validate request.json answer.xml --xsd\n"
      "  troupe message template cancel | troupe message validate -");
  validate->add_option("files", given.files, "Messages; - is standard input")
      ->required()
      ->type_name("FILE");
  validate->add_flag("--xsd", given.xsd, "Check against the XSD as well");
  auto* made =
      add_command(*message, "template", "Print a message to start from",
                  "  troupe message template perform_task --xml");
  made->add_option("type", given.type, "As in perform_task")
      ->required()
      ->type_name("TYPE");
  made->add_flag("--xml", given.xml, "XML in place of JSON");
  made->callback([&given] { given.makes_template = true; });
}

} // namespace troupe::cli
