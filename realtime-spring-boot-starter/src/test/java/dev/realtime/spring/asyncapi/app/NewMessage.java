package dev.realtime.spring.asyncapi.app;

/** What a client sends. */
public class NewMessage {

	private String text = "";

	@SuppressWarnings("unused")
	private final Object internals = new Object();

	public String getText() {
		return this.text;
	}

	public void setText(String text) {
		this.text = text;
	}

}
