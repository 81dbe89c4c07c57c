/**
 * The engines that carry messages between measured nodes: their names on the command
 * line, the Spring properties that a node needs for each, and the servers themselves,
 * started where they are installed.
 */
@NullMarked
package dev.realtime.bench.engine;

import org.jspecify.annotations.NullMarked;
