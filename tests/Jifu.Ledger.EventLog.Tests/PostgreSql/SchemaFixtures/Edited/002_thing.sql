CREATE TABLE public.thing (id bigint PRIMARY KEY);
