CREATE TABLE public.earlier (id int PRIMARY KEY);
