/**
 * A chat in which any number of nodes share rooms. Read {@link TalkController} first: it
 * is what an application writes. Then {@link ChatAccess}: who may read what.
 */
@NullMarked
package dev.realtime.sample.chat;

import org.jspecify.annotations.NullMarked;
