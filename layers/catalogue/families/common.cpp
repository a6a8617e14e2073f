// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/families/families.hpp>
#include <layers/catalogue/field_role.hpp>
#include <iterator>

namespace stadtgdi::catalogue::families {

using table::Type;

std::vector<FieldDefinition> with_common(std::vector<FieldDefinition> own, Disclosure disclosure)
{
    std::vector<FieldDefinition> all = {
        {.name = "uuid",
         .label = {"Object id", "Objekt-ID"},
         .help = {"Stays with the object for ever and is never given again.", "Bleibt für immer beim Objekt und wird nie wieder vergeben."},
         .required = true,
         .unique = true,
         .fallback = "uuid()"},
        {.name = "local_id",
         .label = {"Id at the source", "Kennung der Quelle"},
         .help = {"Number used in the field or in the delivered data; need not be unique.",
                  "Nummer vor Ort oder in den gelieferten Daten; muss nicht eindeutig sein."}},
    };
    std::move(own.begin(), own.end(), std::back_inserter(all));
    FieldDefinition since = day("valid_from", {"Exists since", "Besteht seit"});
    since.help = {"First day on which the object exists in reality; empty where nobody knows.", "Erster Tag, an dem es das Objekt in der Wirklichkeit gibt; leer, wenn ihn niemand kennt."};
    since.expected = Expected{};
    FieldDefinition until = day("valid_to", {"Existed until", "Bestand bis"});
    until.help = {"Last day; empty as long as the object exists.", "Letzter Tag; leer, solange es das Objekt gibt."};
    all.push_back(std::move(since));
    all.push_back(std::move(until));
    const std::vector<FieldDefinition> tail = {
        {.name = "source",
         .label = {"Capture method", "Erfassungsart"},
         .codes = {{"manual", {"Drawn by hand", "Von Hand gezeichnet"}},
                   {"survey", {"Survey", "Vermessung"}},
                   {"gnss", {"Satellite positioning", "Satellitenvermessung (GNSS)"}},
                   {"aerial", {"Aerial image", "Luftbild"}},
                   {"lidar", {"Laser scan", "Laserscan"}},
                   {"import", {"Import", "Import"}},
                   {"citizen", {"Citizens' report", "Bürgermeldung"}},
                   {"derived", {"Derived", "Abgeleitet"}},
                   {"generated", {"Generated example", "Erzeugtes Beispiel"}}},
         .required = true,
         .fallback = "manual"},
        {.name = "source_ref",
         .label = {"Delivery", "Lieferung"},
         .help = {"Name of the import mapping, contract or file.", "Name der Importabbildung, des Auftrags oder der Datei."}},
        {.name = "responsible_unit",
         .label = {"Responsible unit", "Zuständige Stelle"},
         .help = {"Office or company that answers for the data, never a person.", "Amt oder Unternehmen, das für die Angaben einsteht, niemals eine Person."},
         .expected = Expected{}},
        {.name = "recorded_at",
         .type = Type::datetime,
         .label = {"Recorded at", "Erfasst am"},
         .help = {"When this state of the object was recorded.", "Zeitpunkt, zu dem dieser Stand des Objekts erfasst wurde."},
         .required = true,
         .fallback = "now()"},
        {.name = "qa_status",
         .label = {"Quality state", "Prüfstand"},
         .codes = {{"unverified", {"Not checked", "Ungeprüft"}},
                   {"checked", {"Checked", "Geprüft"}},
                   {"released", {"Released", "Freigegeben"}},
                   {"rejected", {"Rejected", "Zurückgewiesen"}}},
         .required = true,
         .fallback = "unverified"},
        {.name = "est_fields",
         .label = {"Estimated fields", "Geschätzte Angaben"},
         .help = {"Names of fields whose value is estimated, separated by commas; 'geom' for the position.",
                  "Namen der Felder mit geschätztem Wert, durch Komma getrennt; 'geom' für die Lage."}},
        {.name = "disclosure_class",
         .label = {"Disclosure class", "Schutzklasse"},
         .help = {"Who may see this object.", "Wer dieses Objekt sehen darf."},
         .codes = {{"public", {"Public", "Öffentlich"}},
                   {"internal", {"Internal", "Intern"}},
                   {"restricted", {"Restricted", "Eingeschränkt"}},
                   {"kritis", {"Critical infrastructure", "Kritische Infrastruktur (KRITIS)"}}},
         .required = true,
         .fallback = std::string(name_of(disclosure))},
    };
    all.insert(all.end(), tail.begin(), tail.end());
    return all;
}

FieldDefinition measure(std::string name, Text label, std::string unit, std::optional<double> minimum, std::optional<double> maximum)
{
    return {.name = std::move(name), .type = Type::float64, .label = std::move(label), .unit = std::move(unit), .minimum = minimum, .maximum = maximum};
}

FieldDefinition number(std::string name, Text label, std::optional<double> minimum, std::optional<double> maximum)
{
    return {.name = std::move(name), .type = Type::int64, .label = std::move(label), .minimum = minimum, .maximum = maximum};
}

FieldDefinition flag(std::string name, Text label)
{
    return {.name = std::move(name), .type = Type::boolean, .label = std::move(label)};
}

FieldDefinition day(std::string name, Text label)
{
    return {.name = std::move(name), .type = Type::date, .label = std::move(label)};
}

FieldDefinition position_accuracy()
{
    FieldDefinition field = measure("pos_acc_m", {"Position accuracy", "Lagegenauigkeit"}, "m", 0, 100);
    field.help = {"One standard deviation.", "Eine Standardabweichung."};
    return field;
}

FieldDefinition cell_code()
{
    return {.name = "cell_code",
            .label = {"Cell code", "Gitterzellen-Kennung"},
            .help = {"Lower left corner in EPSG:3035, e.g. CRS3035RES100mN3127000E4477000.", "Linke untere Ecke in EPSG:3035, z. B. CRS3035RES100mN3127000E4477000."},
            .required = true,
            .unique = true};
}

FieldDefinition cell_size()
{
    return {.name = "size_m", .type = Type::int64, .label = {"Cell size", "Zellengröße"}, .unit = "m", .required = true, .minimum = 1, .maximum = 100000, .fallback = "100"};
}

std::vector<Code> access_codes()
{
    return {{"full", {"Fully accessible", "Voll zugänglich"}},
            {"partial", {"Partly accessible", "Eingeschränkt zugänglich"}},
            {"none", {"Not accessible", "Nicht zugänglich"}},
            {"unknown", {"Unknown", "Unbekannt"}}};
}

std::vector<Code> yes_no_codes()
{
    return {{"yes", {"Yes", "Ja"}}, {"no", {"No", "Nein"}}, {"unknown", {"Unknown", "Unbekannt"}}};
}

}  // namespace stadtgdi::catalogue::families

namespace stadtgdi::catalogue {

FieldRole common_role(std::string_view field)
{
    for (const char* name : {"uuid", "local_id"})
        if (field == name) return FieldRole::identifier;
    for (const char* name : {"valid_from", "valid_to", "source", "source_ref", "responsible_unit", "recorded_at", "qa_status", "est_fields", "disclosure_class", "pos_acc_m"})
        if (field == name) return FieldRole::capture;
    return FieldRole::fact;
}

}  // namespace stadtgdi::catalogue
