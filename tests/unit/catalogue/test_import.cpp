// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/base/error.hpp>
#include <layers/catalogue/mapping.hpp>
#include <layers/geometry/wkt.hpp>
#include <layers/io/database.hpp>
#include <tests/support/postgres.hpp>
#include <tests/unit/io/temporary_folder.hpp>
#include <algorithm>
#include <atomic>
#include <set>
#include <thread>
#include <utility>

using namespace stadtgdi;
using namespace stadtgdi::catalogue;

namespace {

// A city in a temporary folder, a mapping and its source as text.
class Import : public testing::Test {
protected:
    Import() : city(City::create(folder / "city.gpkg", {.name = "Prüfstadt", .crs = "EPSG:25833", .attribution = {}, .licence = {}}, run)) {}

    ImportReport import_csv(const std::string& mapping, const std::string& csv, ImportOptions options = {})
    {
        options.mapping = folder.write("try.toml", mapping);
        return catalogue::import(city, {folder.write("rows.csv", csv)}, options, run);
    }

    static const base::Finding* find(const ImportReport& report, const std::string& rule)
    {
        const auto found = std::ranges::find(report.findings, rule, &base::Finding::rule);
        return found == report.findings.end() ? nullptr : &*found;
    }

    std::string text(const std::string& layer, const std::string& field, std::size_t row) { return city.read(layer, run).column(field).as_text(row); }

    TemporaryFolder folder;
    base::RunContext run;
    City city;
};

const std::string trees = R"([[sources]]
nulls = ["-", "-1"]
geometry = { from = "xy", x = "x", y = "y", crs = "EPSG:25833" }
[[sources.tables]]
layer = "trees_tree"
key = "{no}"
[sources.tables.fields]
site_no = "no"
)";

}  // namespace

TEST_F(Import, ReadsUnitsInsideValuesAndConverts)
{
    const auto report = import_csv(trees + "height_m = 'h'\ntrunk_circ_cm = { from = 'u', unit = 'm' }\n",
                                   "no,x,y,h,u\n1,300000,5690000,\"12,5\",1.57\n2,300001,5690000,450 cm,18 cm\n3,300002,5690000,-1,-\n");
    EXPECT_EQ(report.rows_stored, 3);
    EXPECT_EQ(text("trees_tree", "height_m", 0), "12.5");
    EXPECT_EQ(text("trees_tree", "height_m", 1), "4.5");
    EXPECT_EQ(text("trees_tree", "height_m", 2), "");
    EXPECT_EQ(text("trees_tree", "trunk_circ_cm", 0), "157");
    EXPECT_EQ(text("trees_tree", "trunk_circ_cm", 1), "18");
    EXPECT_TRUE(report.findings.empty());
}

TEST_F(Import, SplitsTextByPatternAndJoinsColumns)
{
    import_csv(trees + "genus = { from = 'name', pattern = '^([A-Z][a-z]+)' }\ncultivar = { from = 'name', pattern = \"'([^']+)'\" }\n"
                       "house_no = { text = '{hn}{suffix}' }\nstreet_name = ['s1', 's2']\n",
               "no,x,y,name,hn,suffix,s1,s2\n1,1,1,Quercus robur 'Fastigiata',12,a,-,Am Ring\n2,1,2,Quercus robur,,,Weg,Ring\n");
    EXPECT_EQ(text("trees_tree", "genus", 0), "Quercus");
    EXPECT_EQ(text("trees_tree", "cultivar", 0), "Fastigiata");
    EXPECT_EQ(text("trees_tree", "cultivar", 1), "");
    EXPECT_EQ(text("trees_tree", "house_no", 0), "12a");
    EXPECT_EQ(text("trees_tree", "house_no", 1), "");
    EXPECT_EQ(text("trees_tree", "street_name", 0), "Am Ring");
    EXPECT_EQ(text("trees_tree", "street_name", 1), "Weg");
}

TEST_F(Import, TriesPatternsInTheirOrderAndReadsJsonMembers)
{
    import_csv(trees + "house_no = { from = 'tags', pattern = ['\"sub\"=>\"(a|b)\"', '^(\\S+)'] }\nstreet_name = { from = 'j', json = 'list' }\n",
               "no,x,y,tags,j\n1,1,1,\"way \"\"sub\"\"=>\"\"b\"\"\",\"{\"\"list\"\":[\"\"x\"\",\"\"y\"\"]}\"\n2,1,2,way \"\"sub\"\"=>\"\"c\"\",no json\n");
    EXPECT_EQ(text("trees_tree", "house_no", 0), "b");
    EXPECT_EQ(text("trees_tree", "house_no", 1), "way");
    EXPECT_EQ(text("trees_tree", "street_name", 0), "x; y");
    EXPECT_EQ(text("trees_tree", "street_name", 1), "");
}

TEST_F(Import, ReportsUnknownCodesAndDamagedNumbersAndKeepsTheRow)
{
    const auto report = import_csv(trees + "site_type = { from = 't', codes = { Strasse = 'street', Park = 'park' } }\nplanting_year = 'p'\n",
                                   "no,x,y,t,p\n1,1,1,PARK,2001\n2,1,2,Wiese,19853333314434713336\n3,1,3,Park,1985.5\n");
    EXPECT_EQ(report.rows_stored, 3);
    EXPECT_EQ(text("trees_tree", "site_type", 0), "park");
    EXPECT_EQ(text("trees_tree", "site_type", 1), "street");  // required: the default
    EXPECT_EQ(text("trees_tree", "planting_year", 1), "");
    const base::Finding* code = find(report, "import.code");
    ASSERT_NE(code, nullptr);
    EXPECT_EQ(code->file, "rows.csv");
    EXPECT_EQ(code->row, 1);
    EXPECT_EQ(code->field, "site_type");
    EXPECT_EQ(code->value, "Wiese");
    EXPECT_EQ(code->x, 1);
    EXPECT_EQ(std::ranges::count(report.findings, "import.value", &base::Finding::rule), 2);
}

TEST_F(Import, RejectsRowsWithoutPositionAndCountsThem)
{
    const auto report = import_csv(trees, "no,x,y\n1,1,1\n2,,\n3,abc,5\n4,2,2\n");
    EXPECT_EQ(report.rows_read, 4);
    EXPECT_EQ(report.rows_stored, 2);
    EXPECT_EQ(report.rows_rejected, 2);
    std::set<std::int64_t> rejected;
    for (const base::Finding& finding : report.findings)
        if (finding.severity == base::Severity::error)
            rejected.insert(finding.row);
    EXPECT_EQ(rejected, (std::set<std::int64_t>{1, 2}));
    EXPECT_EQ(find(report, "import.geometry")->field, "geom");
    EXPECT_EQ(city.imports().back().rows_rejected, 2);
}

TEST_F(Import, RejectsPositionsFarFromTheEarth)
{
    const auto report = import_csv(trees, "no,x,y\n1,1,1\n2,1e300,5\n3,4,-1e12\n");
    EXPECT_EQ(report.rows_stored, 1);
    EXPECT_EQ(report.rows_rejected, 2);
    EXPECT_EQ(find(report, "import.geometry")->value, "1e300 5");
}

TEST_F(Import, KeepsRowsWithoutPositionWhereTheMappingAllowsIt)
{
    std::string mapping = trees;
    mapping.replace(mapping.find("crs ="), 0, "required = false, ");
    const auto report = import_csv(mapping, "no,x,y\n1,1,1\n2,,\n");
    EXPECT_EQ(report.rows_stored, 2);
    EXPECT_EQ(find(report, "import.geometry")->severity, base::Severity::warning);
    EXPECT_FALSE(city.read("trees_tree", run).geometry().valid(1));
}

TEST_F(Import, GivesTheSameIdsOnEveryImportAndReplacesItsOwnRowsOnly)
{
    import_csv(trees, "no,x,y\n1,1,1\n2,1,2\n");
    const std::string first = text("trees_tree", "uuid", 0);
    EXPECT_EQ(first.size(), 36U);

    ImportOptions other;
    other.mapping = folder.write("other.toml", trees);
    catalogue::import(city, {folder.write("other.csv", "no,x,y\n1,5,5\n")}, other, run);
    EXPECT_EQ(city.read("trees_tree", run).rows(), 3U);

    import_csv(trees, "no,x,y\n2,1,2\n1,1,1\n7,1,3\n");
    const table::Table all = city.read("trees_tree", run);
    EXPECT_EQ(all.rows(), 4U);
    std::set<std::string> ids;
    for (std::size_t row = 0; row < all.rows(); ++row)
        ids.insert(all.column("uuid").as_text(row));
    EXPECT_EQ(ids.size(), 4U);
    EXPECT_TRUE(ids.contains(first));

    ImportOptions append;
    append.replace = false;
    import_csv(trees, "no,x,y\n9,1,9\n", append);
    EXPECT_EQ(city.read("trees_tree", run).rows(), 5U);
}

TEST_F(Import, KeepsRowsWhoseKeyRepeatsAsObjectsOfTheirOwn)
{
    const auto report = import_csv(trees, "no,x,y\n1,1,1\n1,2,2\n");
    EXPECT_EQ(report.rows_stored, 2);
    EXPECT_NE(text("trees_tree", "uuid", 0), text("trees_tree", "uuid", 1));
    EXPECT_EQ(find(report, "import.key")->row, 1);
}

TEST_F(Import, ReportsColumnsThatNobodyAskedForAndKeepsThemOnRequest)
{
    ImportOptions keep;
    keep.keep_unmapped = true;
    const auto report = import_csv(trees, "no,x,y,note\n1,1,1,hohl\n", keep);
    EXPECT_EQ(report.unmapped_columns, std::vector<std::string>{"note"});
    EXPECT_EQ(text("trees_tree", "source_note", 0), "hohl");
}

TEST_F(Import, ChangesNothingInADryRun)
{
    ImportOptions dry;
    dry.dry_run = true;
    const auto report = import_csv(trees, "no,x,y\n1,1,1\n", dry);
    EXPECT_EQ(report.rows_stored, 1);
    EXPECT_EQ(report.layers.front().rows_stored, 1);
    EXPECT_TRUE(city.imports().empty());
}

TEST_F(Import, RefusesASourceThatTheMappingDoesNotFit)
{
    try {
        import_csv("[[sources]]\n[[sources.tables]]\nlayer = 'trees_inspection'\n[sources.tables.fields]\naction = 'massnahme'\n", "a,b\n1,2\n");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::bad_data);
        EXPECT_NE(std::string(error.what()).find("a, b"), std::string::npos) << error.what();
    }
    EXPECT_TRUE(city.imports().empty());
}

TEST_F(Import, FillsSeveralTablesFromOneRowWithKeys)
{
    const std::string mapping = R"([[sources]]
geometry = { from = "wkt", column = "wkt", crs = "EPSG:25833" }
[[sources.tables]]
layer = "buildings_place"
key = "{id}"
[sources.tables.fields]
name = "name"
category = { value = "health" }
[[sources.tables]]
layer = "buildings_lift"
key = "{id}"
when = { column = "lift", is = "true" }
[sources.tables.fields]
place_uuid = { text = "{id}", object = "buildings_place" }
door_width_cm = { from = "door", nulls = ["0"] }
)";
    const auto report = import_csv(mapping, "id,name,lift,door,wkt\na,Rathaus,true,90,POINT (300000 5690000)\nb,Kino,false,0,POINT (300100 5690000)\n");
    EXPECT_EQ(report.rows_stored, 2);
    ASSERT_EQ(report.layers.size(), 2U);
    EXPECT_EQ(report.layers[0].name, "buildings_lift");
    EXPECT_EQ(report.layers[0].rows_stored, 1);
    EXPECT_EQ(text("buildings_lift", "place_uuid", 0), text("buildings_place", "uuid", 0));
    EXPECT_EQ(text("buildings_lift", "door_width_cm", 0), "90");
}

TEST_F(Import, RejectsARowAsAWholeWhereOneOfItsTablesFails)
{
    const std::string mapping = R"([[sources]]
[[sources.tables]]
layer = "districts_district"
geometry = { from = "none" }
[sources.tables.fields]
district_no = "no"
name = "name"
[[sources.tables]]
layer = "statgrid_value"
[sources.tables.fields]
cell_code = "cell"
indicator = { value = "x" }
)";
    const auto report = import_csv(mapping, "no,name,cell\n1,Mitte,100mN31270E44770\n2,Nord,\n");
    EXPECT_EQ(report.rows_stored, 1);
    EXPECT_EQ(report.rows_rejected, 1);
    EXPECT_EQ(find(report, "import.required")->field, "cell_code");
    EXPECT_EQ(city.read("districts_district", run).rows(), 1U);
}

TEST_F(Import, ReadsPositionsFromWkbAndGridCodes)
{
    const std::string wkb = "[[sources]]\ngeometry = { from = 'wkb', column = 'g', crs = 'EPSG:25833' }\n[[sources.tables]]\nlayer = 'trees_tree'\n"
                            "[sources.tables.fields]\nsite_no = 'no'\n";
    // Little endian EWKB of POINT (1 2) with SRID 4326, then a damaged one.
    const auto points = import_csv(wkb, "no,g\n1,0101000020E6100000000000000000F03F0000000000000040\n2,0101\n");
    EXPECT_EQ(points.rows_stored, 1);
    EXPECT_EQ(points.rows_rejected, 1);
    EXPECT_EQ(geometry::wkt(city.read("trees_tree", run).geometry(), 0), "POINT (1 2)");

    const std::string cells = "[[sources]]\ngeometry = { from = 'cell', column = 'c' }\n[[sources.tables]]\nlayer = 'population_cell'\nkey = '{c}'\n"
                              "[sources.tables.fields]\ncell_code = 'c'\ninhabitants = { from = 'n', nulls = ['-1'] }\n";
    const auto report = import_csv(cells, "c,n\nCRS3035RES100mN3127000E4477000,5\nCRS3035RES100mN3127100E4477000,-1\nCRS3035RES100mN1E2,3\nCRS3035RES100mN3127000E4477000,6\n");
    EXPECT_EQ(report.rows_stored, 2);
    EXPECT_EQ(report.rows_rejected, 2);  // a code that is none, and one that came before
    const table::Table stored = city.read("population_cell", run);
    EXPECT_EQ(stored.geometry().crs(), "EPSG:3035");
    EXPECT_EQ(geometry::wkt(stored.geometry(), 0), "POLYGON ((4477000 3127000, 4477100 3127000, 4477100 3127100, 4477000 3127100, 4477000 3127000))");
    EXPECT_FALSE(stored.column("inhabitants").valid(1));
}

TEST_F(Import, JoinsAnotherFileByName)
{
    folder.write("counts.json", R"({"data": {"2023": {"all": [{"district": "Mitte", "value": 12}]}}})");
    const std::string mapping = R"([[sources]]
joins = [{ name = "counts", files = "counts.json", records = "data.2023.all", here = "name", there = "district" }]
[[sources.tables]]
layer = "districts_district"
geometry = { from = "none" }
[sources.tables.fields]
district_no = "no"
name = "name"
inhabitants = { from = "value", join = "counts" }
)";
    const auto report = import_csv(mapping, "no,name\n0,Mitte\n1,Nord\n");
    EXPECT_EQ(report.rows_stored, 2);
    EXPECT_EQ(text("districts_district", "inhabitants", 0), "12");
    EXPECT_EQ(text("districts_district", "inhabitants", 1), "");
    EXPECT_EQ(find(report, "import.join")->value, "Nord");
}

TEST_F(Import, SumsPartsIntoWholes)
{
    const std::string mapping = R"([[sources]]
[[sources.tables]]
layer = "districts_district"
geometry = { from = "none" }
[sources.tables.fields]
district_no = "no"
name = "no"
level = "level"
parent_no = "of"
inhabitants = "n"
inhabitants_year = "year"
[[totals]]
layer = "districts_district"
wholes = { level = "stadtbezirk" }
whole = "district_no"
parts = { level = "ortsteil" }
part = "parent_no"
sum = ["inhabitants"]
same = ["inhabitants_year"]
[[totals]]
layer = "districts_district"
wholes = { level = "city" }
parts = { level = "stadtbezirk" }
sum = ["inhabitants"]
)";
    const auto report = import_csv(mapping, "no,level,of,n,year\nC,city,,,\nA,stadtbezirk,,,\nA1,ortsteil,A,10,2023\nA2,ortsteil,A,32,2023\n"
                                            "B,stadtbezirk,,100,\nB1,ortsteil,B,7,2022\nB2,ortsteil,B,8,2023\n");
    EXPECT_EQ(report.rows_stored, 7);
    EXPECT_EQ(text("districts_district", "inhabitants", 1), "42");
    EXPECT_EQ(text("districts_district", "inhabitants_year", 1), "2023");
    EXPECT_EQ(text("districts_district", "inhabitants", 4), "100");  // what the source says stays
    EXPECT_EQ(text("districts_district", "inhabitants_year", 4), "");
    EXPECT_EQ(text("districts_district", "inhabitants", 0), "142");
    EXPECT_EQ(text("districts_district", "inhabitants", 3), "32");
    ASSERT_EQ(std::ranges::count(report.findings, "import.total", &base::Finding::rule), 1);
    EXPECT_EQ(find(report, "import.total")->value, "B");
    EXPECT_EQ(find(report, "import.total")->field, "inhabitants_year");

    // A part without a value: no sum, and none above it.
    const auto unknown = import_csv(mapping, "no,level,of,n,year\nC,city,,,\nA,stadtbezirk,,,\nA1,ortsteil,A,10,2023\nA2,ortsteil,A,,2023\n");
    EXPECT_EQ(text("districts_district", "inhabitants", 0), "");
    EXPECT_EQ(text("districts_district", "inhabitants", 1), "");
    EXPECT_EQ(std::ranges::count(unknown.findings, "import.total", &base::Finding::rule), 2);
    EXPECT_NE(find(unknown, "import.total")->message.en.find("1 of 2 parts"), std::string::npos);

    for (const std::string wrong : {"[[totals]]\nlayer = 'trees_tree'\nparts = { genus = 'x' }\nsum = ['height_m']", "[[totals]]\nlayer = 'districts_district'\nsum = ['inhabitants']",
                                    "[[totals]]\nlayer = 'districts_district'\nparts = { level = 'x' }\nsum = ['name']",
                                    "[[totals]]\nlayer = 'districts_district'\nparts = { level = 'x' }\npart = 'parent_no'\nsum = ['inhabitants']"})
        EXPECT_THROW(import_csv(mapping + wrong, "no,level,of,n,year\n"), Error) << wrong;
}

TEST_F(Import, ShiftsForeignDataAndMarksThemAsDemonstration)
{
    ImportOptions shift;
    shift.shift_x_m = 100;
    shift.shift_y_m = -50;
    import_csv(trees, "no,x,y\n1,300000,5690000\n", shift);
    EXPECT_EQ(geometry::wkt(city.read("trees_tree", run).geometry(), 0), "POINT (300100 5689950)");
    const auto layers = city.layers();
    const auto layer = std::ranges::find(layers, "trees_tree", &StoredLayer::name);
    ASSERT_NE(layer, layers.end());
    EXPECT_TRUE(layer->demonstration);
}

TEST_F(Import, TellsItsProgressForwardToTheEnd)
{
    std::vector<double> shares;
    run.on_progress = [&](double share, const base::Text& what) {
        shares.push_back(share);
        EXPECT_FALSE(what.en.empty() || what.de.empty());
    };
    import_csv(trees, "no,x,y\n1,1,1\n");
    EXPECT_TRUE(std::ranges::is_sorted(shares));
    ASSERT_FALSE(shares.empty());
    EXPECT_EQ(shares.back(), 1.0);
}

TEST_F(Import, StopsWhenAskedAndLeavesTheStoreAsItWas)
{
    std::stop_source stop;
    stop.request_stop();
    base::RunContext stopped(1, stop.get_token());
    const std::string mapping = folder.write("try.toml", trees), csv = folder.write("rows.csv", "no,x,y\n1,1,1\n");
    try {
        catalogue::import(city, {csv}, {.mapping = mapping}, stopped);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::cancelled);
    }
    EXPECT_TRUE(city.imports().empty());
}

TEST_F(Import, LeavesRowsAloneThatOthersStoreWhileItReads)
{
    import_csv(trees, "no,x,y\n1,1,1\n2,1,2\n");
    const std::string mapping = folder.write("try.toml", trees), csv = folder.write("rows.csv", "no,x,y\n2,1,2\n3,1,3\n");
    bool drawn = false;
    run.on_progress = [&](double share, const base::Text&) {
        if (drawn || share < 0.05)
            return;
        drawn = true;
        // Somebody draws a tree and saves, between our reading and our writing.
        io::Database::open(city.path(), io::Database::Access::write)->execute("INSERT INTO trees_tree (fid, site_no, source, source_ref) VALUES (77, 'drawn', 'manual', 'somebody')");
    };
    const auto report = catalogue::import(city, {csv}, {.mapping = mapping}, run);
    run.on_progress = {};
    ASSERT_TRUE(drawn);
    EXPECT_EQ(report.rows_replaced, 1);
    EXPECT_EQ(report.rows_removed, 1);
    const auto rows = io::Database::open(city.path(), io::Database::Access::read)->query("SELECT fid, site_no FROM trees_tree ORDER BY site_no");
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[2][1], "drawn");
    EXPECT_EQ(rows[2][0], "77");
}

TEST_F(Import, RefusesToStoreObjectsThatAnotherImportStoredWhileItRead)
{
    const std::string mapping = folder.write("try.toml", trees), csv = folder.write("rows.csv", "no,x,y\n1,1,1\n");
    bool done = false;
    run.on_progress = [&](double share, const base::Text&) {
        if (std::exchange(done, done || share >= 0.05) || share < 0.05)
            return;
        base::RunContext other;
        City same = City::open(city.path());
        catalogue::import(same, {csv}, {.mapping = mapping, .replace = false}, other);
    };
    try {
        catalogue::import(city, {csv}, {.mapping = mapping, .replace = false}, run);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::io);
    }
    EXPECT_EQ(city.read("trees_tree", run).rows(), 1U);
    EXPECT_EQ(city.imports().size(), 1U);
}

TEST_F(Import, TwoAtOnceKeepTheRowsOfBoth)
{
    std::string many = "no,x,y\n";
    for (int i = 0; i < 5000; ++i)
        many += std::to_string(i) + ",1,1\n";
    const std::string csv = folder.write("rows.csv", many);
    // Into a city that is there, and into one that neither has made yet.
    for (const bool made : {true, false}) {
        const std::string path = made ? city.path() : folder / "new.gpkg";
        std::atomic<int> stored = 0, refused = 0;
        const auto one = [&](const std::string& name) {
            base::RunContext own;
            const std::string mapping = folder.write(name + ".toml", trees);
            try {
                City mine = made ? City::open(path) : City::plan(path, {.name = "Neu", .attribution = {}, .licence = {}});
                catalogue::import(mine, {csv}, {.mapping = mapping}, own);
                ++stored;
            } catch (const Error& error) {
                EXPECT_TRUE(error.kind() == ErrorKind::io || error.kind() == ErrorKind::invalid_argument) << error.what();
                ++refused;
            }
        };
        {
            const std::jthread first(one, "first"), second(one, "second");
        }
        EXPECT_EQ(stored + refused, 2);
        EXPECT_GE(stored, made ? 2 : 1);
        const City both = City::open(path);
        EXPECT_EQ(both.read("trees_tree", run).rows(), 5000U * static_cast<unsigned>(stored));
        EXPECT_EQ(both.imports().size(), static_cast<std::size_t>(stored));
    }
}

TEST_F(Import, SaysWhatItReplacesAndRemovesInADryRunToo)
{
    import_csv(trees, "no,x,y\n1,1,1\n2,1,2\n3,1,3\n");
    for (const bool dry : {true, false}) {
        ImportOptions options;
        options.dry_run = dry;
        const auto report = import_csv(trees, "no,x,y\n3,1,3\n2,1,2\n4,1,4\n", options);
        ASSERT_EQ(report.layers.size(), 1U);
        EXPECT_EQ(report.layers[0].rows_stored, 3);
        EXPECT_EQ(report.layers[0].rows_replaced, 2);
        EXPECT_EQ(report.layers[0].rows_removed, 1);
        ASSERT_NE(find(report, "import.removed"), nullptr);
        EXPECT_EQ(find(report, "import.removed")->severity, base::Severity::warning);
    }
    const catalogue::ImportRecord record = city.imports().back();
    EXPECT_EQ(record.source, "rows.csv");
    EXPECT_EQ(record.rows_replaced, 2);
    EXPECT_EQ(record.rows_removed, 1);
    EXPECT_EQ(record.files, 1);
    // A delivery that is the same again removes nothing.
    const auto again = import_csv(trees, "no,x,y\n3,1,3\n2,1,2\n4,1,4\n");
    EXPECT_EQ(again.rows_replaced, 3);
    EXPECT_EQ(find(again, "import.removed"), nullptr);
}

TEST_F(Import, ReplacesTheLayersOfAMappingTogether)
{
    const std::string mapping = folder.write("two.toml", R"([[sources]]
files = "trees*.csv"
geometry = { from = "xy", x = "x", y = "y", crs = "EPSG:25833" }
[[sources.tables]]
layer = "trees_tree"
key = "{no}"
[sources.tables.fields]
site_no = "no"
[[sources]]
files = "cells*.csv"
geometry = { from = "cell", column = "c" }
[[sources.tables]]
layer = "population_cell"
key = "{c}"
[sources.tables.fields]
cell_code = "c"
)");
    const std::string first = folder.write("trees.csv", "no,x,y\n1,1,1\n"), second = folder.write("cells.csv", "c\nCRS3035RES100mN3127000E4477000\n");
    catalogue::import(city, {first, second}, {.mapping = mapping}, run);
    const auto report = catalogue::import(city, {first}, {.mapping = mapping}, run);
    EXPECT_EQ(city.read("trees_tree", run).rows(), 1U);
    EXPECT_EQ(city.read("population_cell", run).rows(), 0U);
    ASSERT_EQ(report.layers.size(), 2U);
    EXPECT_EQ(report.layers[0].name, "population_cell");
    EXPECT_EQ(report.layers[0].rows_removed, 1);
    EXPECT_EQ(find(report, "import.removed")->layer, "population_cell");
}

TEST_F(Import, DoesNotAppendWhatIsThere)
{
    import_csv(trees, "no,x,y\n1,1,1\n2,1,2\n");
    ImportOptions append;
    append.replace = false;
    const auto report = import_csv(trees, "no,x,y\n1,1,1\n2,1,2\n3,1,3\n", append);
    EXPECT_EQ(report.rows_stored, 1);
    EXPECT_EQ(report.rows_rejected, 2);
    EXPECT_EQ(find(report, "import.key")->severity, base::Severity::error);
    EXPECT_EQ(find(report, "import.key")->value, "1");
    EXPECT_EQ(find(report, "import.key")->uuid, text("trees_tree", "uuid", 0));
    EXPECT_EQ(city.read("trees_tree", run).rows(), 3U);
}

TEST_F(Import, NamesTheObjectThatIsStoredWhereAKeyRepeats)
{
    const auto report = import_csv(trees, "no,x,y\n1,1,1\n1,2,2\n,3,3\n");
    ASSERT_EQ(std::ranges::count(report.findings, "import.key", &base::Finding::rule), 2);
    EXPECT_EQ(find(report, "import.key")->uuid, text("trees_tree", "uuid", 1));
    EXPECT_EQ(report.findings.back().uuid, text("trees_tree", "uuid", 2));
}

TEST_F(Import, StoresARowOnceThatTheSourceRepeats)
{
    const auto report = import_csv(trees, "no,x,y\n1,1,1\n1,1,1\n1,2,2\n1,1,1\n");
    EXPECT_EQ(report.rows_read, 4);
    EXPECT_EQ(report.rows_stored, 2);
    EXPECT_EQ(report.rows_repeated, 2);
    EXPECT_EQ(find(report, "import.repeated")->severity, base::Severity::info);
    EXPECT_EQ(std::ranges::count(report.findings, "import.key", &base::Finding::rule), 1);
}

TEST_F(Import, KeepsColumnsWhoseNamesCollide)
{
    ImportOptions keep;
    keep.keep_unmapped = true;
    const std::string header = "no,x,y,ref,Note,note,NOTE,a_name_of_a_column_that_is_longer_than_any_database_takes_1,a_name_of_a_column_that_is_longer_than_any_database_takes_2\n";
    import_csv(trees, header + "1,1,1,r,a,b,c,d,e\n", keep);
    EXPECT_EQ(text("trees_tree", "source_ref", 0), "try");
    EXPECT_EQ(text("trees_tree", "source_ref_2", 0), "r");
    EXPECT_EQ(text("trees_tree", "source_Note", 0), "a");
    EXPECT_EQ(text("trees_tree", "source_note_2", 0), "b");
    EXPECT_EQ(text("trees_tree", "source_NOTE_3", 0), "c");
    const table::Table stored = city.read("trees_tree", run);
    for (const table::Field& field : stored.schema().fields)
        EXPECT_LE(field.name.size(), 63U);
    // Columns that came later are added; rows of others have no value there.
    folder.write("other.csv", header + "1,1,1,r,a,b,c,d,e\n");
    ImportOptions other = keep;
    other.mapping = folder.write("other.toml", trees);
    catalogue::import(city, {folder.write("other.csv", "no,x,y,more\n1,1,1,x\n")}, other, run);
    EXPECT_EQ(text("trees_tree", "source_more", 0), "");
    EXPECT_EQ(text("trees_tree", "source_more", 1), "x");
}

TEST_F(Import, RejectsCsvRowsWithTooFewOrTooManyCells)
{
    const auto report = import_csv(trees, "no,x,y\n1,1,1\n2,1\n3,1,3,extra\n4,1,4,,\n5,1,5");
    EXPECT_EQ(report.rows_read, 5);
    EXPECT_EQ(report.rows_stored, 3);
    EXPECT_EQ(report.rows_rejected, 2);
    std::vector<std::pair<std::int64_t, std::string>> found;
    for (const base::Finding& finding : report.findings) {
        EXPECT_EQ(finding.rule, "import.cells");
        EXPECT_EQ(finding.severity, base::Severity::error);
        EXPECT_EQ(finding.file, "rows.csv");
        found.emplace_back(finding.row, finding.value);
    }
    EXPECT_EQ(found, (std::vector<std::pair<std::int64_t, std::string>>{{1, "2"}, {2, "4"}}));
    EXPECT_NE(report.findings[0].message.en.find("2 cells, 3 are expected"), std::string::npos) << report.findings[0].message.en;
    // Rows behind keep their place in the file.
    const auto again = import_csv(trees, "no,x,y\n1,1\n2,,\n");
    EXPECT_EQ(find(again, "import.geometry")->row, 1);
}

TEST_F(Import, ReportsSourcesThatTheMappingDoesNotRead)
{
    const std::string mapping = folder.write("try.toml", "[[sources]]\nfiles = 'trees*.csv'\ngeometry = { from = 'xy', x = 'x', y = 'y', crs = 'EPSG:25833' }\n[[sources.tables]]\n"
                                                         "layer = 'trees_tree'\nkey = '{no}'\n[sources.tables.fields]\nsite_no = 'no'\n");
    const std::string read = folder.write("trees.csv", "no,x,y\n1,1,1\n"), other = folder.write("bushes.csv", "no,x,y\n1,1,1\n");
    const auto named = catalogue::import(city, {read, other}, {.mapping = mapping}, run);
    ASSERT_EQ(named.findings.size(), 1U);
    EXPECT_EQ(named.findings[0].rule, "import.source");
    EXPECT_EQ(named.findings[0].severity, base::Severity::error);
    EXPECT_EQ(named.findings[0].file, "bushes.csv");

    std::filesystem::create_directory(folder / "delivery");
    for (const std::string file : {"trees.csv", "bushes.csv"})
        std::filesystem::copy_file(folder / file, folder / "delivery/" + file);
    const auto of_folder = catalogue::import(city, {folder / "delivery"}, {.mapping = mapping}, run);
    ASSERT_EQ(of_folder.findings.size(), 1U);
    EXPECT_EQ(of_folder.findings[0].severity, base::Severity::info);
    EXPECT_EQ(of_folder.findings[0].value, "bushes.csv");

    EXPECT_THROW(catalogue::import(city, {read, folder / "missing.csv"}, {.mapping = mapping}, run), Error);
}

TEST_F(Import, ReportsTextsThatNoPatternMatchesUnlessItOnlyChooses)
{
    const auto report = import_csv(trees + "planting_year = { from = 'p', pattern = '^(\\d{4})' }\ncultivar = { from = 'n', pattern = \"'([^']+)'\", chooses = true }\n",
                                   "no,x,y,p,n\n1,1,1,um 1900,Tilia\n2,1,2,1950-60,Tilia 'Pallida'\n3,1,3,,Tilia\n");
    ASSERT_EQ(report.findings.size(), 1U);
    const base::Finding& finding = report.findings[0];
    EXPECT_EQ(finding.rule, "import.pattern");
    EXPECT_EQ(finding.severity, base::Severity::warning);
    EXPECT_EQ(finding.file, "rows.csv");
    EXPECT_EQ(finding.row, 0);
    EXPECT_EQ(finding.field, "planting_year");
    EXPECT_EQ(finding.value, "um 1900");
    EXPECT_EQ(finding.message.de, "Der Text hat nicht die Form, die die Importabbildung erwartet; das Feld bleibt leer.");
    EXPECT_EQ(text("trees_tree", "planting_year", 1), "1950");
}

TEST_F(Import, SaysThatADefaultIsStoredWhereTheFieldNeedsAValue)
{
    const auto report = import_csv(trees + "status = { from = 's', codes = { da = 'standing' } }\nrecorded_at = 'r'\n", "no,x,y,s,r\n1,1,1,weg,bald\n");
    ASSERT_EQ(report.findings.size(), 2U);
    for (const base::Finding& finding : report.findings) {
        const std::string expected = finding.field == "status" ? "the default 'standing' is stored." : "the time of the import is stored.";
        EXPECT_TRUE(finding.message.en.ends_with(expected)) << finding.field << ": " << finding.message.en;
    }
    EXPECT_EQ(text("trees_tree", "status", 0), "standing");
}

TEST_F(Import, ReportsValuesOfAnObjectThatTheConditionDenies)
{
    const std::string mapping = R"([[sources]]
geometry = { from = "xy", x = "x", y = "y", crs = "EPSG:25833" }
[[sources.tables]]
layer = "buildings_place"
key = "{id}"
[sources.tables.fields]
name = "name"
category = { value = "health" }
[[sources.tables]]
layer = "buildings_lift"
key = "{id}"
when = { column = "lift", is = "true" }
[sources.tables.fields]
place_uuid = { text = "{id}", object = "buildings_place" }
door_width_cm = { from = "door", nulls = ["0"] }
)";
    const auto report = import_csv(mapping, "id,name,lift,door,x,y\na,Rathaus,false,90,1,1\nb,Kino,false,0,1,2\nc,Bad,true,80,1,3\n");
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].rule, "import.when");
    EXPECT_EQ(report.findings[0].row, 0);
    EXPECT_EQ(report.findings[0].layer, "buildings_lift");
    EXPECT_EQ(report.findings[0].field, "door_width_cm");
    EXPECT_EQ(report.findings[0].value, "90");
}

TEST_F(Import, CountsRowsThatTheMappingsConditionLeavesOut)
{
    const std::string points = folder.write("points.geojson", R"({"type": "FeatureCollection", "features": [
{"type": "Feature", "properties": {"no": "1", "kind": "tree", "by": "x"}, "geometry": {"type": "Point", "coordinates": [12.3, 51.3, 110]}},
{"type": "Feature", "properties": {"no": "2", "kind": "tree", "by": "x"}, "geometry": {"type": "Point", "coordinates": [12.4, 51.3, 0]}},
{"type": "Feature", "properties": {"no": "3", "kind": "bush", "by": "x"}, "geometry": {"type": "Point", "coordinates": [12.4, 51.4, 112]}}]})");
    const std::string mapping = folder.write("try.toml", "[[sources]]\nwhere = \"kind = 'tree'\"\nignored = ['kind', 'by']\n[[sources.tables]]\nlayer = 'trees_tree'\nkey = '{no}'\n"
                                                         "[sources.tables.fields]\nsite_no = 'no'\n");
    const auto report = catalogue::import(city, {points}, {.mapping = mapping}, run);
    EXPECT_EQ(report.rows_read, 2);
    EXPECT_EQ(report.rows_left_out, 1);
    EXPECT_EQ(report.ignored_columns, (std::vector<std::string>{"kind", "by"}));
    EXPECT_TRUE(report.findings.empty());
}

TEST_F(Import, KeepsTheHeightsOfGeometries)
{
    const auto feature = [](const std::string& no, const std::string& type, const std::string& coordinates) {
        return R"({"type": "Feature", "properties": {"no": ")" + no + R"("}, "geometry": {"type": ")" + type + R"(", "coordinates": )" + coordinates + "}}";
    };
    const auto collection = [](const std::string& features) { return R"({"type": "FeatureCollection", "features": [)" + features + "]}"; };
    const std::string rule = "[[sources]]\n[[sources.tables]]\nlayer = 'trees_tree'\nkey = '{no}'\n[sources.tables.fields]\nsite_no = 'no'\n";
    const std::string mapping = folder.write("points.toml", rule);
    // A z of 0 throughout is no height.
    catalogue::import(city, {folder.write("plane.geojson", collection(feature("0", "Point", "[12.3, 51.3, 0]")))}, {.mapping = mapping}, run);
    EXPECT_FALSE(city.read("trees_tree", run).geometry().has_z());
    const std::string heights = folder.write("heights.geojson", collection(feature("1", "Point", "[12.3, 51.3, 110.25]") + "," + feature("2", "Point", "[12.4, 51.3]")));
    const auto report = catalogue::import(city, {heights}, {.mapping = mapping, .shift_x_m = 1000, .replace = false}, run);
    EXPECT_EQ(report.rows_stored, 2);
    EXPECT_TRUE(report.findings.empty());
    const table::GeometryColumn points = city.read("trees_tree", run).geometry();
    ASSERT_TRUE(points.has_z());
    EXPECT_FALSE(points.has_height(0));
    EXPECT_EQ(points.z()[1], 110.25);
    EXPECT_FALSE(points.has_height(2));
    // Rows without heights come to a layer that has them, and parts of geometries keep theirs.
    const std::string lines = folder.write("lines.toml", rule + "[sources.tables.geometry]\nfrom = 'geometry'\npart = 'end'\n");
    catalogue::import(city, {folder.write("line.geojson", collection(feature("7", "LineString", "[[12.3, 51.3, 101], [12.4, 51.3, 102]]")))}, {.mapping = lines}, run);
    catalogue::import(city, {folder.write("plane.geojson", collection(feature("0", "Point", "[12.3, 51.3]")))}, {.mapping = folder.write("again.toml", rule)}, run);
    const table::Table all = city.read("trees_tree", run);
    ASSERT_EQ(all.rows(), 5U);
    EXPECT_EQ(all.geometry().z()[3], 102);
    EXPECT_FALSE(all.geometry().has_height(4));
}

TEST_F(Import, ReadsHeightsFromWktAndIntoMultiGeometries)
{
    const std::string start = "[[sources]]\n[[sources.tables]]\nkey = '{no}'\ngeometry = { from = 'wkt', column = 'shape', crs = 'EPSG:25833' }\n";
    const auto report = import_csv(start + "layer = 'utilities_line'\n[sources.tables.fields]\nmedium = { value = 'gas' }\n",
                                   "no,shape\n1,\"LINESTRING Z (0 0 100, 1 1 101.5)\"\n2,\"LINESTRING (0 0, 1 1)\"\n");
    EXPECT_EQ(report.rows_stored, 2);
    const table::GeometryColumn stored = city.read("utilities_line", run).geometry();
    const table::GeometryColumn lines = stored.as_multi();
    EXPECT_EQ(geometry::wkt(lines, 0), "MULTILINESTRING Z ((0 0 100, 1 1 101.5))");
    EXPECT_EQ(geometry::wkt(lines, 1), "MULTILINESTRING ((0 0, 1 1))");
}

TEST_F(Import, AFindingsValueIsCutBetweenCharacters)
{
    const std::string note = "x" + [] {
        std::string umlauts;
        for (int i = 0; i < 150; ++i)
            umlauts += "ü";
        return umlauts;
    }();
    const auto report = import_csv(trees + "height_m = 'h'\n", "no,x,y,h\n1,1,1," + note + "\n");
    ASSERT_EQ(report.findings.size(), 1U);
    EXPECT_EQ(report.findings[0].value, note.substr(0, 199));
}

TEST_F(Import, PassesOverEmptyFilesAndNeverReplacesADeliveryByAnEmptyOne)
{
    const std::string mapping = folder.write("try.toml", "[[sources]]\n[[sources.tables]]\nlayer = 'trees_tree'\nkey = '{no}'\n[sources.tables.fields]\nsite_no = 'no'\n");
    std::filesystem::create_directory(folder / "delivery");
    const std::string point = R"({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"no": "1"}, "geometry": {"type": "Point", "coordinates": [12.3, 51.3]}}]})";
    folder.write("delivery/a.geojson", R"({"type": "FeatureCollection", "features": []})");
    folder.write("delivery/b.geojson", point);
    folder.write("delivery/c.geojson", "");
    const auto report = catalogue::import(city, {folder / "delivery"}, {.mapping = mapping}, run);
    EXPECT_EQ(report.rows_stored, 1);
    ASSERT_EQ(std::ranges::count(report.findings, "import.empty", &base::Finding::rule), 2);
    EXPECT_EQ(find(report, "import.empty")->file, "c.geojson");
    EXPECT_EQ(find(report, "import.empty")->severity, base::Severity::error);
    EXPECT_EQ(report.findings.back().file, "a.geojson");
    for (const std::string empty : {"delivery/a.geojson", "delivery/c.geojson"})
        try {
            catalogue::import(city, {folder / empty}, {.mapping = mapping}, run);
            FAIL();
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::bad_data) << error.what();
        }
    EXPECT_EQ(city.read("trees_tree", run).rows(), 1U);
}

TEST_F(Import, LooksAtAnOlderStoreWithoutChangingIt)
{
    const auto version = [&] { return io::Database::open(city.path(), io::Database::Access::read)->query("SELECT value FROM stadtgdi_city WHERE key = 'schema_version'").front().front(); };
    io::Database::open(city.path(), io::Database::Access::write)
        ->execute("ALTER TABLE stadtgdi_import DROP COLUMN rows_repeated; ALTER TABLE stadtgdi_import DROP COLUMN rows_replaced; "
                  "ALTER TABLE stadtgdi_import DROP COLUMN rows_removed; ALTER TABLE stadtgdi_import DROP COLUMN files; "
                  "UPDATE stadtgdi_city SET value = '0' WHERE key = 'schema_version'");
    City old = City::look(city.path());
    EXPECT_EQ(old.info().name, "Prüfstadt");
    EXPECT_TRUE(old.imports().empty());
    const auto report = catalogue::import(old, {folder.write("rows.csv", "no,x,y\n1,1,1\n")}, {.mapping = folder.write("try.toml", trees), .dry_run = true}, run);
    EXPECT_EQ(report.rows_stored, 1);
    EXPECT_EQ(version(), "0");
    City::open(city.path());
    EXPECT_NE(version(), "0");
}

TEST_F(Import, ReplacesItsOwnRowsInADatabaseToo)
{
    REQUIRE_POSTGRES();
    const TestPostgres postgres;
    city = City::create(postgres.path(), {.name = "Prüfstadt", .crs = "EPSG:25833", .attribution = {}, .licence = {}}, run);
    import_csv(trees, "no,x,y\n1,1,1\n2,1,2\n");
    const std::string mapping = folder.write("try.toml", trees), csv = folder.write("rows.csv", "no,x,y,note\n2,1,2,a\n3,1,3,b\n");
    std::atomic<int> stored = 0;
    {
        // Two deliveries at once, of this mapping and of another: the second waits for the first.
        const auto one = [&](const std::string& of) {
            base::RunContext own;
            City mine = City::open(postgres.path());
            catalogue::import(mine, {csv}, {.mapping = of, .keep_unmapped = true}, own);
            ++stored;
        };
        const std::string other = folder.write("other.toml", trees);
        const std::jthread first(one, mapping), second(one, other);
    }
    EXPECT_EQ(stored, 2);
    const auto rows = io::Database::open(postgres.path(), io::Database::Access::read)->query("SELECT site_no, source_ref, source_note FROM trees_tree ORDER BY 2, 1");
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[0][1], "other");
    EXPECT_EQ(rows[3][0], "3");
    EXPECT_EQ(rows[3][2], "b");
    ImportOptions append;
    append.replace = false;
    EXPECT_EQ(import_csv(trees, "no,x,y\n3,1,3\n", append).rows_rejected, 1);
}
