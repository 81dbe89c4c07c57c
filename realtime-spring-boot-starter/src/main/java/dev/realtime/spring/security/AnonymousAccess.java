package dev.realtime.spring.security;

import dev.realtime.spring.ConnectRules;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Whether clients may connect that do not say who they are. They may where
 * {@code realtime.security.anonymous} says so, and where the application has nothing that
 * could say who a client is: neither a {@link ConnectAuthenticator} nor Spring Security's
 * filters.
 */
public final class AnonymousAccess {

	private static final String FILTERS = "springSecurityFilterChain";

	private final ConnectRules rules;

	private final ListableBeanFactory beans;

	AnonymousAccess(ConnectRules rules, ListableBeanFactory beans) {
		this.rules = rules;
		this.beans = beans;
	}

	/** Whether such clients may connect. */
	public boolean isOpen() {
		Boolean required = this.rules.requireUser();
		return this.rules.anonymous() || ((required != null) ? !required : !knowsUsers());
	}

	/** Whether a property says so. */
	public boolean isDecided() {
		return this.rules.anonymous() || this.rules.requireUser() != null;
	}

	/** Whether something of the application can say who a client is. */
	private boolean knowsUsers() {
		return this.beans.containsBean(FILTERS) || has(ConnectAuthenticator.class) || has(OwnAuthenticator.class);
	}

	private boolean has(Class<?> type) {
		return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beans, type, true, false).length > 0;
	}

}
