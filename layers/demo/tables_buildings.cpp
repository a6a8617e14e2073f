// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/random.hpp>
#include <layers/demo/rows.hpp>

namespace stadtgdi::demo {

namespace {

const char* function_of(const House& house, const Plan& plan)
{
    if (plan.blocks[static_cast<std::size_t>(house.block)].use == LandUse::allotments) return "allotment_house";
    switch (house.use) {
        case HouseUse::residential: return house.levels > 2 ? "apartments" : "house";
        case HouseUse::mixed: return "apartments";
        case HouseUse::commercial: return "commercial";
        case HouseUse::industrial: return "industrial";
        case HouseUse::school: case HouseUse::kindergarten: return "education";
        case HouseUse::health: return "health";
        case HouseUse::sport: return "sport";
        default: return "civic";
    }
}

bool open_to_all(const House& house)
{
    switch (house.use) {
        case HouseUse::residential: case HouseUse::mixed: case HouseUse::commercial: case HouseUse::industrial: return false;
        default: return true;
    }
}

const char* public_name(HouseUse use)
{
    switch (use) {
        case HouseUse::school: return "Schule";
        case HouseUse::kindergarten: return "Kita";
        case HouseUse::town_hall: return "Bürgeramt";
        case HouseUse::library: return "Stadtbibliothek";
        case HouseUse::health: return "Ärztehaus";
        case HouseUse::sport: return "Sporthalle";
        default: return "Kulturhaus";
    }
}

const char* place_category(HouseUse use)
{
    switch (use) {
        case HouseUse::health: return "health";
        case HouseUse::town_hall: return "law";
        default: return "education";
    }
}

}  // namespace

/// Buildings, and of those open to all the place with entrance, lift, toilet, parking and survey.
void add_buildings(const DemoContents& city, Tables& out)
{
    Rows building("buildings_building", city), place("buildings_place", city), entrance("buildings_entrance", city), lift("buildings_lift", city),
        toilet("buildings_toilet", city), parking("buildings_parking", city), survey("buildings_survey", city);
    UniqueNames names;
    for (std::size_t i = 0; i < city.houses.size(); ++i) {
        const House& house = city.houses[i];
        Random random(city.seed, 7'000'000'000ULL + i);
        const bool is_public = open_to_all(house);
        std::string name;
        const std::string number = house.number > 0 ? std::to_string(house.number) : "";
        if (is_public) {
            const std::string wish = std::string(public_name(house.use)) + " " + street_name(city, house.street);
            name = names.next(number.empty() ? std::vector{wish} : std::vector{wish, wish + " " + number});
        }
        const auto address = [&](Rows& rows) {
            rows.at("street_name").add(street_name(city, house.street));
            if (!number.empty()) rows.at("house_no").add(number);
        };

        const std::string building_uuid = building.begin();
        building.at("function").add(function_of(house, city.plan));
        address(building);
        building.at("district_name").add(district_name(city, house.block));
        building.at("levels").add(static_cast<double>(house.levels));
        building.at("height_m").add(house.height_m);
        building.at("inhabitants").add(static_cast<double>(house.inhabitants));
        const int built = city.year - house.age;
        building.since(built);
        building.area(city.plan.bent(house.corners));

        if (is_public) {
            const Vec door = city.plan.bent(house.door);
            const int steps = random.chance(0.45) ? 0 : 1 + random.below(7);
            const bool ramp = steps > 0 && random.chance(0.4);
            const double slope = ramp ? std::floor(random.between(4, 13) * 10) / 10 : 0;
            const double door_cm = 75 + 5 * random.below(10);
            const char* access = (steps == 0 || (ramp && slope <= 6)) && door_cm >= 90 ? "full" : steps <= 1 || (ramp && slope <= 12) ? "partial" : "none";
            building.at("wheelchair").add(access[0] == 'f' ? "yes" : access[0] == 'p' ? "limited" : "no");
            const bool has_lift = house.levels > 1 && random.chance(0.5), has_toilet = random.chance(0.6), has_parking = random.chance(0.5);
            const double cabin_cm = 100 + 10 * random.below(6), toilet_cm = 70 + 5 * random.below(7);
            const char* lift_access = cabin_cm >= 110 ? "full" : "partial";
            const char* toilet_access = toilet_cm >= 90 ? "full" : "partial";
            const auto survey_day = static_cast<std::int32_t>((city.year - 1970) * 365.25) - random.below(1800);

            const std::string place_uuid = place.begin();
            place.since(built);
            if (has_lift) place.at("public_floors").add(house.levels > 3 ? "0,1,2" : "0,1");
            else place.at("public_floors").add("0");
            place.at("name").add(name);
            place.at("category").add(place_category(house.use));
            address(place);
            place.at("building_uuid").add(building_uuid);
            place.at("entrance_access").add(access);
            place.at("lift_available").add(has_lift);
            if (has_lift) place.at("lift_access").add(lift_access);
            place.at("toilet_available").add(has_toilet);
            if (has_toilet) place.at("toilet_access").add(toilet_access);
            place.at("parking_available").add(has_parking);
            place.at("help_hearing").add(random.chance(0.1));
            place.at("help_visual").add(random.chance(0.15));
            place.at("surveyed_on").add_date(survey_day);
            place.geometry().add_point(door.x, door.y);
            place.end();

            const auto begin = [&](Rows& rows) {
                rows.begin();
                rows.since(built);
                rows.at("place_uuid").add(place_uuid);
                rows.at("building_uuid").add(building_uuid);
            };
            begin(entrance);
            entrance.at("is_main").add(true);
            entrance.at("access").add(access);
            entrance.at("steps").add(steps);
            if (steps > 0) entrance.at("step_height_cm").add(14.0 + random.below(5));
            entrance.at("ramp").add(ramp ? "fixed" : "none");
            if (ramp) {
                const double high = steps * 15.0;
                entrance.at("ramp_height_cm").add(high);
                entrance.at("ramp_len_cm").add(std::floor(high / slope * 100 + 0.5));
                entrance.at("ramp_slope_pct").add(slope);
                entrance.at("ramp_width_cm").add(120.0);
                entrance.at("ramp_handrail_left").add(true);
                entrance.at("ramp_handrail_right").add(random.chance(0.6));
            }
            entrance.at("door_width_cm").add(door_cm);
            entrance.at("door_type").add(random.chance(0.3) ? "automatic" : "manual");
            entrance.at("bell").add(random.chance(0.4));
            entrance.geometry().add_point(door.x, door.y);
            entrance.end();
            if (has_lift) {
                begin(lift);
                lift.at("access").add(lift_access);
                lift.at("door_width_cm").add(90.0);
                lift.at("cabin_width_cm").add(cabin_cm);
                lift.at("cabin_depth_cm").add(140.0);
                lift.at("controls_height_in_cm").add(100.0 + random.below(20));
                lift.geometry().add_point(door.x, door.y);
                lift.end();
            }
            if (has_toilet) {
                begin(toilet);
                toilet.at("access").add(toilet_access);
                toilet.at("door_width_cm").add(toilet_cm);
                toilet.at("front_depth_cm").add(150.0);
                toilet.at("front_width_cm").add(150.0);
                toilet.at("grab_bars").add(random.chance(0.7));
                toilet.at("eurokey").add(random.chance(0.5));
                toilet.geometry().add_point(door.x, door.y);
                toilet.end();
            }
            if (has_parking) {
                begin(parking);
                parking.at("on_site").add(true);
                parking.at("disabled_site").add(1 + random.below(3));
                parking.at("width_cm").add(350.0);
                parking.at("length_cm").add(500.0);
                parking.geometry().add_point(door.x, door.y);
                parking.end();
            }
            begin(survey);
            survey.at("surveyed_on").add_date(survey_day);
            survey.at("surveyor_kind").add("association");
            survey.at("method").add("measured");
            survey.at("released").add(true);
            survey.end();
        }
        building.end();
    }
    out.emplace("buildings_building", building.finish());
    out.emplace("buildings_place", place.finish());
    out.emplace("buildings_entrance", entrance.finish());
    out.emplace("buildings_lift", lift.finish());
    out.emplace("buildings_toilet", toilet.finish());
    out.emplace("buildings_parking", parking.finish());
    out.emplace("buildings_survey", survey.finish());
}

}  // namespace stadtgdi::demo
