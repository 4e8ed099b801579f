# ruff: noqa: E501 - a phrase stays on one line beside its twin, so that they can be compared
"""What a plan's page says of each kind of bonus, with its worked numbers: English and Russian, side by side."""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[str, str]

BONUSES: Mapping[str, Pair] = {
    "other_kind": ("A bonus of kind `{kind}`:", "Бонус вида `{kind}`:"),
    "takes_tree": (
        "Each order goes up the {tree} from its seller; percentages are taken of its {base}.",
        "Каждый заказ поднимается от продавца по {tree}; ставки берутся от величины: {base}.",
    ),
    "first_of_customer": ("Only a customer's first paid order is taken.", "Учитывается только первый оплаченный заказ клиента."),
    "later_ever": ("Only a customer's orders after the first are taken.", "Учитываются только заказы клиента после первого."),
    "later_months": (
        "Only a customer's orders after the first are taken, for {n} months from it.",
        "Учитываются только заказы клиента после первого, в течение {n} мес. от него.",
    ),
    "later_orders": (
        "Only a customer's next {n} orders after the first are taken.",
        "Учитываются только следующие заказы клиента после первого, их {n}.",
    ),
    "sum": ("Sum", "Сумма"),
    # several periods together
    "spans": (
        "It takes {n} months together and pays in the last of them by its tree, ranks and conditions: for example from {first} to {last}, in {last}. In the others it pays nothing.",
        "Месяцы берутся вместе, по {n}, и выплата делается в последнем по его дереву, рангам и условиям: например, с {first} по {last} — в {last}. В остальных выплаты нет.",
    ),
    "spans_measured": (
        "It is looked at only in the last of every {n} months: for example from {first} to {last}, in {last}. The numbers that it reads are over the time that stands with them.",
        "Подводится только в последнем из каждых {n} мес.: например, с {first} по {last} — в {last}. Показатели берутся за то время, которое при них названо.",
    ),
    "spans_own": ("Own orders are those of all these months.", "Свои заказы берутся за все эти месяцы."),
    # differential
    "differential": (
        "Each partner above an order has a rate, {rates}. Going up from the seller, each gets the own rate less the highest rate met so far.",
        "У каждого вышестоящего своя ставка, {rates}. Двигаясь вверх от продавца, каждый получает свою ставку за вычетом самой высокой из уже встреченных.",
    ),
    "remaining": (
        "Each partner above an order has a rate, {rates}. Going up from the seller, each gets the own rate, until {total} of the order are shared out.",
        "У каждого вышестоящего своя ставка, {rates}. Двигаясь вверх от продавца, каждый получает свою ставку, пока не разойдётся {total} заказа.",
    ),
    "met_qualified": (
        "Only the rates of the qualified lower what is left for those above.",
        "Только ставки тех, кто выполнил условия, уменьшают остаток для вышестоящих.",
    ),
    "met_everyone": (
        "Everybody's rate lowers what is left for those above; the margin of whoever is not qualified is paid to nobody.",
        "Ставка каждого уменьшает остаток для вышестоящих; разница того, кто не выполнил условия, не платится никому.",
    ),
    "levels_from": (
        "The seller is level 0. Paying starts at level {pays}, rates count from level {blocks}.",
        "Продавец — уровень 0. Выплаты начинаются с уровня {pays}, ставки учитываются с уровня {blocks}.",
    ),
    "own_rate": ("Own rate", "Своя ставка"),
    "share_of": ("Share", "Доля"),
    "chain_order": (
        "S sells an order of {volume}. Above S stand, nearest first and all qualified:",
        "S продаёт заказ на {volume}. Над S стоят, начиная с ближайшего, и все выполнили условия:",
    ),
    # infinity
    "infinity": (
        "{rate} of everything from level {n} down, without a last level.",
        "{rate} со всего, начиная с уровня {n} и ниже, без последнего уровня.",
    ),
    "before_blocker": (
        "It ends before the next partner of the payee's rank or higher.",
        "Заканчивается перед следующим партнёром того же или более высокого ранга.",
    ),
    "after_blocker": (
        "It ends with the next partner of the payee's rank or higher, whose own volume still counts.",
        "Заканчивается на следующем партнёре того же или более высокого ранга, чей собственный объём ещё входит.",
    ),
    "where_theirs_begins": (
        "It ends where the infinity bonus of the next partner of the payee's rank or higher begins.",
        "Заканчивается там, где начинается такой же бонус следующего партнёра того же или более высокого ранга.",
    ),
    "infinity_example": (
        "Chain P – a – b – Q – c – d, each with {volume}, P and Q of one rank: P gets {sum} for {who}.",
        "Цепочка P – a – b – Q – c – d, у каждого {volume}, P и Q одного ранга: P получает {sum} за {who}.",
    ),
    "nobody": ("nobody", "никого"),
    # generations
    "generation": ("Generation", "Поколение"),
    "boundary_rank": ("A partner of {rank} closes a generation.", "Поколение закрывает партнёр, у которого {rank}."),
    "boundary_own": (
        "A partner of the payee's own rank or higher closes a generation.",
        "Поколение закрывает партнёр того же ранга, что и получатель, или выше.",
    ),
    "inclusive": ("Who closes a generation stands in it.", "Закрывающий входит в то поколение, которое закрывает."),
    "exclusive": ("Who closes a generation opens the next one.", "Закрывающий открывает следующее поколение."),
    "generation_example": (
        "Chain P – X – B – Y – A – Z, where B and A close generations and P is open for all. An order of {volume} pays P:",
        "Цепочка P – X – B – Y – A – Z, где B и A закрывают поколения, а P открыты все. Заказ на {volume} приносит P:",
    ),
    "seller_is": ("Seller", "Продавец"),
    # matching
    "matching": (
        "A percentage of what those below were paid in {list}, up the enroller tree; level 1 is the earner's own enroller.",
        "Процент от того, что получили нижестоящие в бонусах {list}, вверх по дереву пригласивших; уровень 1 — собственный пригласивший получателя.",
    ),
    "match_example": ("Example: somebody below is paid {of}.", "Пример: нижестоящий получил {of}."),
    "match_down": (
        "{rate} of what the sponsor was paid in {list}, in equal parts to the sponsor's frontline who are qualified.",
        "{rate} от того, что получил спонсор в бонусах {list}, поровну его первой линии, кто выполнил условия.",
    ),
    "match_down_example": (
        "Example: the sponsor is paid {of}, four of the frontline are qualified, and each gets {sum}.",
        "Пример: спонсор получил {of}, условия выполнили четверо из первой линии, каждый получает {sum}.",
    ),
    "cascade": (
        "When a line is taken back later, its part of this bonus is taken back too.",
        "Если строку позже отменяют, её часть этого бонуса тоже отменяется.",
    ),
    "stay": ("When a line is taken back later, this bonus stays.", "Если строку позже отменяют, этот бонус остаётся."),
    # people
    "fast_start_days": (
        "It takes orders dated before the newcomer's joining day and {n} days.",
        "Учитываются заказы до дня вступления новичка плюс {n} дн.",
    ),
    "fast_start_months": (
        "It takes orders dated before the same day {n} calendar months after the newcomer's joining day.",
        "Учитываются заказы до того же числа через {n} мес. после дня вступления новичка.",
    ),
    "fast_start_calendar_months": (
        "It takes orders of the calendar month in which the newcomer joined and of the next, {n} months in all.",
        "Учитываются заказы календарного месяца, в котором вступил новичок, и следующих, всего месяцев: {n}.",
    ),
    "instead": (
        "On these orders it is paid instead of the other bonuses.",
        "С этих заказов он платится вместо остальных бонусов.",
    ),
    "besides": ("It is paid besides the other bonuses on these orders.", "С этих заказов он платится сверх остальных бонусов."),
    "recruit": (
        "Sums up the {tree} for each recruit, once, in the first period in which the recruit has {tests}. Level 1 is the partner right above.",
        "Суммы вверх по {tree} за каждого новичка, один раз, в первом периоде, когда у него {tests}. Уровень 1 — партнёр прямо над ним.",
    ),
    "action": (
        "Sums up the {tree} for each accepted event of kind {event}.",
        "Суммы вверх по {tree} за каждое принятое событие вида {event}.",
    ),
    "counted_example": (
        "Example: with {n} of them below, level 1 gets {sum}.",
        "Пример: если их ниже {n}, уровень 1 получает {sum}.",
    ),
    "event_seller": ("Level 1 is the partner whom the event is credited to.", "Уровень 1 — партнёр, которому засчитано событие."),
    "event_sponsor": (
        "Level 1 is the partner above the one whom the event is credited to.",
        "Уровень 1 — партнёр над тем, кому засчитано событие.",
    ),
    "milestone_sum": ("Who reaches {at} ({metric}) gets {sum}.", "Кто достиг {at} ({metric}), получает {sum}."),
    "milestone_rate": (
        "Who reaches {at} ({metric}) with own orders of {base} gets {sum}.",
        "Кто достиг {at} ({metric}) со своими заказами на {base}, получает {sum}.",
    ),
    "place_entry": ("place {n} – {value}", "{n}-е место – {value}"),
    # milestones, ranks, time
    "milestone": ("Paid by {metric}:", "Платится по показателю «{metric}»:"),
    "reached": ("Reached", "Достигнуто"),
    "pays_of": ("of own {base}: {rate}", "от своих заказов ({base}): {rate}"),
    "highest": ("Only the highest step reached is paid.", "Платится только самая высокая достигнутая ступень."),
    "every": ("Every step reached is paid.", "Платится каждая достигнутая ступень."),
    "each_period": ("It is paid in each period.", "Платится в каждом периоде."),
    "each_span": ("It is paid at the end of each span of periods.", "Платится в конце каждого срока из нескольких периодов."),
    "once": ("Each step is paid once ever.", "Каждая ступень платится один раз."),
    "rank_bonus": (
        "Once for each rank, after {n} periods in a row at it or above:",
        "Один раз за каждый ранг, после периодов подряд на нём или выше ({n}):",
    ),
    "jump_highest": (
        "Who reaches several at once gets the sum of the highest: {sum} for all of these.",
        "Кто достиг сразу нескольких, получает сумму самого высокого: {sum} за все.",
    ),
    "jump_all": (
        "Who reaches several at once gets the sums of all: {sum} for all of these.",
        "Кто достиг сразу нескольких, получает суммы всех: {sum} за все.",
    ),
    "tenure": ("For periods in which `{name}` is met:", "За периоды, в которых выполнено условие `{name}`:"),
    "in_row": (
        "The periods are counted in a row; one without it starts the count anew.",
        "Периоды считаются подряд; пропуск начинает счёт заново.",
    ),
    "in_all": ("All such periods are counted together.", "Считаются все такие периоды вместе."),
    "periods": ("Periods", "Периоды"),
    # pools
    "pool": (
        "A fund of {rate} of the company's {base} is shared out in each period.",
        "Фонд — {rate} от величины {base} всей компании, делится в каждом периоде.",
    ),
    "pool_of_span": (
        "A fund of {rate} of the company's {base} of several periods together is shared out at their end.",
        "Фонд — {rate} от величины {base} всей компании за несколько периодов вместе, делится в их конце.",
    ),
    "equal": ("Everybody who takes part gets the same.", "Все участники получают поровну."),
    "points": ("It is shared by points, {points}.", "Делится по баллам, {points}."),
    "by_place": ("It is shared by place: {list}.", "Делится по местам: {list}."),
    "in_proportion": ("It is shared in proportion to {metric}.", "Делится пропорционально показателю «{metric}»."),
    "in_proportion_to": (
        "It is shared in proportion to {metric}, of which {limit} count at most.",
        "Делится пропорционально показателю «{metric}», из которого учитывается не больше {limit}.",
    ),
    "first_n": ("Only the first {n} take part.", "Участвуют только первые {n}."),
    "order_by": ("Places are decided by {list}.", "Места определяет: {list}."),
    "order_highest": ("{metric}, the highest first", "{metric}, сначала больше"),
    "order_lowest": ("{metric}, the lowest first", "{metric}, сначала меньше"),
    "order_id": ("the partner's id", "номер партнёра"),
    "rounded_point": ("The worth of a point is rounded down.", "Вниз округляется цена балла."),
    "rounded_share": ("Each share is rounded down.", "Вниз округляется каждая доля."),
    "rest_company": ("What rounding leaves stays with the company.", "Остаток от округления остаётся у компании."),
    "rest_first": ("What rounding leaves goes to the first by place.", "Остаток от округления получает первый по порядку."),
    "rest_next": ("What rounding leaves goes into the fund of `{name}`.", "Остаток от округления идёт в фонд `{name}`."),
    "rest_follows": (
        "What it leaves to the fund of `{name}`, and the shares of that fund, then change as well.",
        "Вместе с ней меняются остаток, который он передаёт в фонд `{name}`, и доли того фонда.",
    ),
    "fund_below": (
        "A fund that refunds put below zero pays nothing and leaves nothing to another fund; the company bears it.",
        "Если из-за возвратов фонд меньше нуля, из него ничего не платят и другому фонду не передают: недостаток несёт компания.",
    ),
    "pool_points": (
        "Example: {volume} make a fund of {fund}. With 7 points altogether a partner with 3 gets {sum}.",
        "Пример: {volume} дают фонд {fund}. Если баллов всего 7, партнёр с 3 баллами получает {sum}.",
    ),
    "pool_equal": (
        "Example: {volume} make a fund of {fund}. Each of 7 partners gets {sum}.",
        "Пример: {volume} дают фонд {fund}. Каждый из 7 партнёров получает {sum}.",
    ),
    "pool_places": ("Example: {volume} make a fund of {fund}: {list}.", "Пример: {volume} дают фонд {fund}: {list}."),
    "pool_part": (
        "Example: {volume} make a fund of {fund}. A partner with 3 sevenths of the whole gets {sum}.",
        "Пример: {volume} дают фонд {fund}. Партнёр, у которого 3/7 от общего, получает {sum}.",
    ),
    # contests, goals
    "contest": (
        "Prizes for the highest {metric}, one for each place:",
        "Призы за наибольший показатель «{metric}», по одному за место:",
    ),
    "place": ("Place", "Место"),
    "prize": ("Prize", "Приз"),
    "group_everybody": (
        "When all partners together reach {goal} ({metric}), each who is qualified gets {sum}.",
        "Когда все партнёры вместе набирают {goal} ({metric}), каждый, кто выполнил условия, получает {sum}.",
    ),
    "group_partner": (
        "When the team of {partner} reaches {goal} ({metric}), each of the team who is qualified gets {sum}.",
        "Когда команда {partner} набирает {goal} ({metric}), каждый в ней, кто выполнил условия, получает {sum}.",
    ),
    # binary
    "binary": (
        "Two legs of `{tree}`: each leg is its {base} of the period and what was carried. What the two legs have in common is paid, the rest is carried over.",
        "Две ветви `{tree}`: ветвь — её {base} за период и перенесённое. Оплачивается общее двух ветвей, остальное переносится.",
    ),
    "own_neither": ("Own volume joins neither leg.", "Собственный объём не входит ни в одну ветвь."),
    "own_lesser": ("Own volume joins the lesser leg.", "Собственный объём входит в меньшую ветвь."),
    "own_left": ("Own volume joins the left leg.", "Собственный объём входит в левую ветвь."),
    "own_right": ("Own volume joins the right leg.", "Собственный объём входит в правую ветвь."),
    "unit": (
        "A unit of {lesser} : {greater} (lesser : greater leg) pays {value}.",
        "Единица {lesser} : {greater} (меньшая : большая ветвь) даёт {value}.",
    ),
    "first_whole": (
        "Of several, the first that uses up all whole units of the lesser leg is taken, else the last.",
        "Из нескольких берётся первая, которая расходует все целые единицы меньшей ветви, иначе последняя.",
    ),
    "in_turn": ("Each takes what the one before left.", "Каждая берёт то, что осталось от предыдущей."),
    "leg_step": ("When both legs reach {volume}: {sum}.", "Когда обе ветви достигают {volume}: {sum}."),
    "highest_step": ("The highest step is paid, once a period.", "Платится самая высокая ступень, один раз за период."),
    "percent": ("{rate} of the lesser leg.", "{rate} меньшей ветви."),
    "rate_of_unit": ("{rate} of the lesser volume", "{rate} объёма меньшей ветви"),
    "carry_never": ("Carried volume does not expire.", "Перенесённый объём не сгорает."),
    "carry_periods": ("Carried volume expires after {n} periods.", "Перенесённый объём сгорает через периоды: {n}."),
    "carry_limit": (
        "A leg carries at most {limit}; the oldest goes first.",
        "Ветвь переносит не больше {limit}; сначала сгорает самое старое.",
    ),
    "inactive_lost": ("What an inactive partner carried is lost.", "У неактивного партнёра перенесённое сгорает."),
    "inactive_kept": ("What an inactive partner carried is kept.", "У неактивного партнёра перенесённое сохраняется."),
    "cap_money": ("At most {cap} in a period.", "За период не больше {cap}."),
    "cap_units": ("At most so many units in a period: {cap}.", "За период не больше единиц: {cap}."),
    "cap_lost": ("What is above that leaves the legs unpaid.", "То, что сверх этого, уходит из ветвей без оплаты."),
    "cap_kept": (
        "Only whole units that fit are paired, the rest stays in the legs.",
        "Соединяются только целые единицы, которые помещаются, остальное остаётся в ветвях.",
    ),
    "binary_example": (
        "Example, before any cap: legs of {greater} and {lesser} pay {sum}, and {left_greater} and {left_lesser} are carried.",
        "Пример, без ограничения: ветви {greater} и {lesser} дают {sum}, переносится {left_greater} и {left_lesser}.",
    ),
}
