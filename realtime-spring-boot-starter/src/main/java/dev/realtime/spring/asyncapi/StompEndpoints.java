package dev.realtime.spring.asyncapi;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;

/** The paths of the application's STOMP endpoints in the servlet container. */
final class StompEndpoints {

	/** Spring's mapping. */
	private static final String MAPPING = "stompWebSocketHandlerMapping";

	private static final String SOCKJS = "/**";

	private StompEndpoints() {
	}

	/** Finds them; those with SockJS take plain WebSockets, too, at a path of theirs. */
	static List<String> of(BeanFactory beans) {
		Set<String> paths = new TreeSet<>();
		if (beans.containsBean(MAPPING) && beans.getBean(MAPPING) instanceof AbstractUrlHandlerMapping mapping) {
			for (String path : mapping.getHandlerMap().keySet()) {
				boolean sockJs = path.endsWith(SOCKJS);
				paths.add(sockJs ? path.substring(0, path.length() - SOCKJS.length()) + "/websocket" : path);
			}
		}
		return List.copyOf(paths);
	}

}
