/**
 * Texts that grow while their readers watch: publishes a reactive source of text as
 * messages of a topic. Imports the node, its signals and loops.
 */
@NullMarked
package dev.realtime.spring.pipe;

import org.jspecify.annotations.NullMarked;
