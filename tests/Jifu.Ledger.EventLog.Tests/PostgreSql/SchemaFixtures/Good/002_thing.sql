CREATE TABLE public.thing (id int PRIMARY KEY);
