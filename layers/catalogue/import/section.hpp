// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/import/field_reader.hpp>
#include <layers/catalogue/import/source_geometry.hpp>
#include <memory>
#include <unordered_set>

namespace stadtgdi::catalogue::detail {

/// What all sections of one import share.
struct ImportState {
    const Mapping& mapping;
    const ImportOptions& options;
    std::string city_crs;
    std::int64_t now_us = 0;              ///< recorded_at of rows whose source does not say
    ImportReport& report;
    std::map<std::string, std::unordered_set<std::string>> uuids;  ///< by layer: in the store (of other sources) and stored so far
    std::map<std::string, std::vector<table::Table>> tables;       ///< by layer: what the sections made
    double progress_from = 0, progress_to = 1;                     ///< share of the whole that the section's rows are
};

/// Compares the columns that the mapping reads with those of the source; gives the ones that no rule reads. Columns that
/// are missing are findings; Error(bad_data) where the mapping does not fit the source at all.
std::vector<std::string> report_columns(ImportState& state, const SourceRule& rule, const SourceRows& source);

/// Maps the rows of one source section: all of a row's tables are made, or the row is rejected as a whole.
class Section {
public:
    Section(ImportState& state, const SourceRule& rule, SourceRows& source, base::RunContext& run);
    ~Section();
    void read(base::RunContext& run);

private:
    struct Output;

    bool read_output(Output& output, std::size_t row, std::vector<base::Finding>& findings);
    void read_key(Output& output, std::size_t row, std::vector<base::Finding>& findings);
    bool read_place(Output& output, std::size_t row, std::vector<base::Finding>& findings);
    bool unique_values(Output& output, std::size_t row, std::vector<base::Finding>& findings);
    base::Finding finding(const Output* output, std::size_t row, base::Severity severity, std::string rule, base::Text message) const;
    void finish(base::RunContext& run);

    ImportState* m_state;
    const SourceRule* m_rule;
    SourceRows* m_source;
    std::vector<std::unique_ptr<Output>> m_outputs;
    std::vector<std::string> m_unmapped;
};

}  // namespace stadtgdi::catalogue::detail
