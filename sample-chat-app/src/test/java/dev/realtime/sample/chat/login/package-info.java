/** Tests of the login. */
@NullMarked
package dev.realtime.sample.chat.login;

import org.jspecify.annotations.NullMarked;
