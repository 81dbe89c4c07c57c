package dev.realtime.sample.chat;

/** A message that the chat does not take; the text is for the one who sent it. */
class RefusedException extends RuntimeException {

	RefusedException(String why) {
		super(why);
	}

}
