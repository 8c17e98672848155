# SPDX-FileCopyrightText: 2026 The Catamaran authors
# SPDX-License-Identifier: Apache-2.0
# The helper functions every folder uses. Flags live in one INTERFACE target, so third-party code never inherits them.

add_library(catamaran_options INTERFACE)
target_compile_features(catamaran_options INTERFACE cxx_std_20)
target_compile_options(catamaran_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual)
target_compile_definitions(catamaran_options INTERFACE
    QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_STRICT_ITERATORS)
target_include_directories(catamaran_options INTERFACE ${PROJECT_SOURCE_DIR}/src)
if(CATAMARAN_WERROR)
    target_compile_options(catamaran_options INTERFACE -Werror)
endif()
if(CATAMARAN_SANITIZE)
    target_compile_options(catamaran_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    target_link_options(catamaran_options INTERFACE -fsanitize=address,undefined)
endif()

# catamaran_library(<name> DEPS <targets…>): one static library from every .cpp of the calling folder, with the alias
# Catamaran::<name>. A misspelt Catamaran:: name then fails when configuring.
function(catamaran_library name)
    cmake_parse_arguments(ARG "" "PCH" "DEPS;SOURCES" ${ARGN})
    if(ARG_SOURCES)
        set(sources ${ARG_SOURCES})
    else()
        file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h ${CMAKE_CURRENT_SOURCE_DIR}/*.qrc)
    endif()
    add_library(catamaran_${name} STATIC ${sources})
    add_library(Catamaran::${name} ALIAS catamaran_${name})
    target_link_libraries(catamaran_${name} PUBLIC catamaran_options ${ARG_DEPS})
    catamaran_pch(catamaran_${name} ${ARG_PCH})
endfunction()

# catamaran_pch(<target> [qt|widgets|beast|none]): the precompiled header that fits what the target includes most.
function(catamaran_pch target)
    set(kind qt)
    if(ARGC GREATER 1)
        set(kind ${ARGV1})
    endif()
    if(NOT CATAMARAN_PCH OR kind STREQUAL "none")
        return()
    endif()
    target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/pch-${kind}.h)
endfunction()

# catamaran_test(<name> SOURCES … DEPS … LABELS unit|gui|range|conformance|bench|fuzz): one Qt Test program.
function(catamaran_test name)
    cmake_parse_arguments(ARG "" "TIMEOUT;PCH" "SOURCES;DEPS;LABELS;ENVIRONMENT" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE catamaran_options Qt6::Test ${ARG_DEPS})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_compile_definitions(${name} PRIVATE CATAMARAN_SOURCE_DIR="${PROJECT_SOURCE_DIR}" CATAMARAN_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
    catamaran_pch(${name} ${ARG_PCH})
    add_test(NAME ${name} COMMAND ${name})
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 120)
    endif()
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_FORCE_ASSERTS=1;LC_ALL=C.UTF-8;ASAN_OPTIONS=detect_leaks=0;${ARG_ENVIRONMENT}")
endfunction()
