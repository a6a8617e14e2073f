# One library per room (folder) with an explicit source list:
#   stadtgdi_room(table SOURCES column.cpp table.cpp PUBLIC stadtgdi_base PRIVATE Some::Lib)
# and one test program per room:
#   stadtgdi_test(table LABELS core SOURCES test_column.cpp LINK stadtgdi_table)

add_library(stadtgdi_flags INTERFACE)
target_include_directories(stadtgdi_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(stadtgdi_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wconversion -Wno-sign-conversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(stadtgdi_flags INTERFACE -Wno-restrict)  # false alarms on "text" + std::string (GCC bug 105651)
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(stadtgdi_flags INTERFACE -Wno-subobject-linkage)  # every file is included there, so g++ takes it for a header
endif()
if(STADTGDI_WERROR)
  target_compile_options(stadtgdi_flags INTERFACE -Werror)
endif()
if(STADTGDI_SANITIZE)
  target_compile_options(stadtgdi_flags INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(stadtgdi_flags INTERFACE -fsanitize=address,undefined)
endif()
if(STADTGDI_FUZZ)
  target_compile_options(stadtgdi_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_compile_definitions(stadtgdi_flags INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(stadtgdi_flags INTERFACE -fsanitize=address,undefined)
endif()

function(stadtgdi_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(stadtgdi_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(stadtgdi_${name} PUBLIC ${ROOM_PUBLIC} PRIVATE stadtgdi_flags ${ROOM_PRIVATE})
  target_include_directories(stadtgdi_${name} PUBLIC ${PROJECT_SOURCE_DIR})
endfunction()

# Each program is one ctest entry; a test that skips itself marks the entry as skipped, which CI refuses.
function(stadtgdi_test name)
  cmake_parse_arguments(T "" "TIMEOUT" "SOURCES;LINK;LABELS;ENVIRONMENT" ${ARGN})
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 300)
  endif()
  add_executable(test_${name} ${T_SOURCES})
  if(core IN_LIST T_LABELS)
    set_target_properties(test_${name} PROPERTIES UNITY_BUILD OFF)  # cheap to compile, and their helpers share short names
  endif()
  target_link_libraries(test_${name} PRIVATE stadtgdi_flags stadtgdi_source_folder ${T_LINK} GTest::gmock GTest::gtest GTest::gtest_main)
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES LABELS "${T_LABELS}" TIMEOUT ${T_TIMEOUT} SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]"
                       ENVIRONMENT "${T_ENVIRONMENT}")
endfunction()
