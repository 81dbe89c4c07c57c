package dev.realtime.sample.chat;

/** A frame that the chat does not take; the sentence is for the client who sent it. */
class RefusedException extends dev.realtime.spring.RefusedException {

	RefusedException(String why) {
		super("refused", why);
	}

}
