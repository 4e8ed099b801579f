# ruff: noqa: E501 - a phrase stays on one line beside its twin, so that they can be compared
"""What a plan's page says of every mechanic: each phrase in English and Russian, side by side.

Whole phrases with numbers put in, never sentences glued from parts. Phrases of the frame and of unilevel bonuses stand in
`graphsvc.plan.phrases`.
"""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[str, str]

FRAME: Mapping[str, Pair] = {
    # calendars other than the month: these stand in for the phrases of the same name
    "quarter": ("a calendar quarter", "календарный квартал"),
    "week": ("a week, counted from {day}", "неделя, считая от {day}"),
    "four_weeks": ("four weeks, counted from {day}", "четыре недели, считая от {day}"),
    # trees
    "trees": ("Trees", "Деревья"),
    "tree_sponsor": ("sponsor tree", "дереву спонсоров"),
    "tree_transferred": ("tree after the volume transfer", "дереву после передачи объёма"),
    "tree_named": ("tree `{name}`", "дереву `{name}`"),
    "standings": ("Volumes, activity and ranks look down the {tree}.", "Объёмы, активность и ранги считаются по {tree}."),
    "unilevel_tree": (
        "`{name}` has any number of places under each partner; whom one stands under need not be the enroller.",
        "`{name}`: под каждым партнёром сколько угодно мест; стоять можно не под тем, кто пригласил.",
    ),
    "matrix": (
        "`{name}` is a matrix: {width} places under each partner, levels as deep as they come.",
        "`{name}` — матрица: под каждым партнёром мест: {width}, глубина не ограничена.",
    ),
    "legs": (
        "`{name}` is a binary tree: two legs under each partner.",
        "`{name}` — бинарное дерево: под каждым партнёром две ветви.",
    ),
    "left_to_right": (
        "A newcomer takes the first free place under the enroller, level by level from the left.",
        "Новичок занимает первое свободное место под пригласившим, уровень за уровнем, слева направо.",
    ),
    "even": (
        "A newcomer goes down to the child with the fewest partners below, the leftmost of equals.",
        "Новичок идёт вниз туда, где меньше всего партнёров, из равных — левее.",
    ),
    "by_enroller": ("The enroller names the newcomer's place.", "Место новичку называет пригласивший."),
    "left": (
        "A newcomer goes to the outermost free place of the left leg.",
        "Новичок встаёт на крайнее свободное место левой ветви.",
    ),
    "right": (
        "A newcomer goes to the outermost free place of the right leg.",
        "Новичок встаёт на крайнее свободное место правой ветви.",
    ),
    "weak_leg": (
        "A newcomer goes to the outermost free place of the lesser leg; of equal legs, the left one.",
        "Новичок встаёт на крайнее свободное место меньшей ветви, из равных — левой.",
    ),
    "alternate": (
        "A newcomer goes to the leg that the enroller's last newcomer did not go to, the first one to the left.",
        "Новички встают в ветви по очереди, первый — в левую.",
    ),
    "chosen": ("The enroller chooses the leg.", "Ветвь выбирает пригласивший."),
    "holding": ("A newcomer may wait for a place for up to {n} days.", "Новичок может ждать места до {n} дн."),
    "transfer": (
        "Whoever fails `{name}` gives the volume to the nearest partner above who meets it, and the team below hangs there for the period.",
        "Кто не выполнил `{name}`, отдаёт свой объём ближайшему вышестоящему, кто выполнил, и команда на этот период переходит к нему.",
    ),
    "raw": ("Own PV is judged.", "Проверяется собственный PV."),
    "received": ("PV is judged with what came up from below.", "Проверяется PV вместе с тем, что пришло снизу."),
    # other plans
    "other_plans": ("Other plans", "Другие планы"),
    "until_start": (
        "`{name}` is plan `{plan}`. The last of its periods that ended by the start of a period here counts; its lines are those of its periods that ended within the period before. They are closed first.",
        "`{name}` — план `{plan}`. Считается последний его период, закончившийся к началу периода здесь; его строки берутся из периодов, закончившихся в течение предыдущего периода. Они закрываются раньше.",
    ),
    "until_end": (
        "`{name}` is plan `{plan}`. The last of its periods that ended by the end of a period here counts; its lines are those of its periods that ended within this period. They are closed first.",
        "`{name}` — план `{plan}`. Считается последний его период, закончившийся к концу периода здесь; его строки берутся из периодов, закончившихся в течение этого периода. Они закрываются раньше.",
    ),
    "in_plan": ("{what} in plan `{name}`", "{what} в плане `{name}`"),
    "bonus_in_plan": ("`{bonus}` of plan `{name}`", "`{bonus}` плана `{name}`"),
    "earned_all": ("what all bonuses paid the partner", "выплаты партнёру по всем бонусам"),
    "earned_by": ("what {list} paid the partner", "выплаты партнёру по бонусам {list}"),
    "periods_before": ("{what} in the {n} months before this one", "{what} за предыдущие мес. ({n})"),
    # ranks
    "ranks": ("Ranks", "Ранги"),
    "rank": ("Rank", "Ранг"),
    "asks": ("Asks for", "Условия"),
    "everybody": ("nothing: everybody has it", "без условий: есть у всех"),
    "paid_as_is": (
        "The paid-as rank of a period is the highest one whose conditions all hold.",
        "Ранг периода — самый высокий, все условия которого выполнены.",
    ),
    "title_kept": (
        "The title is the best paid-as rank so far; it is never lost.",
        "Звание — лучший ранг за всё время; оно не теряется.",
    ),
    "title_window": (
        "The title is the best paid-as rank of the last {n} periods.",
        "Звание — лучший ранг за последние периоды, считая этот: {n}.",
    ),
    "title_step_down": (
        "The title is kept; after {n} periods in a row below it, it is one rank lower from the next period on.",
        "Звание сохраняется; после периодов подряд ниже него (их {n}) со следующего периода оно на один ранг ниже.",
    ),
    "breakaway": (
        "Who breaks away: whoever has {tests} leaves the group volume (GV) of everybody above.",
        "Отделение: тот, у кого {tests}, выходит из группового объёма (GV) всех вышестоящих.",
    ),
    "by_title": (
        "{metric}: at least {needs}, by the title at the period's start",
        "{metric}: не меньше {needs}, по званию на начало периода",
    ),
    "title_need": ("{need} ({title})", "{need} ({title})"),
    "no_title": ("no title", "без звания"),
    "rank_paid_as": ("rank {rank} or higher", "ранг {rank} или выше"),
    "rank_title": ("title {rank} or higher", "звание {rank} или выше"),
    "is_active": ("active in the period", "активность в периоде"),
    "tag": ("tag: {list}", "метка: {list}"),
    # metrics
    "running": ("{what} so far, all closed periods and this one", "{what} за все закрытые периоды и этот"),
    "gv": (
        "GV (the group's volume: own and of those below who have not broken away)",
        "GV (объём группы: свой и тех, кто не отделился)",
    ),
    "counted_requirement_with": (
        "own PV and TV of the legs, each counted up to {share} of what is needed",
        "свой PV и TV ветвей, каждая не больше {share} от нужного",
    ),
    "counted_requirement_without": (
        "TV of the legs, each counted up to {share} of what is needed",
        "TV ветвей, каждая не больше {share} от нужного",
    ),
    "counted_total_with": (
        "own PV and TV of the legs, each counted up to {share} of all legs",
        "свой PV и TV ветвей, каждая не больше {share} от всех ветвей",
    ),
    "counted_total_without": (
        "TV of the legs, each counted up to {share} of all legs",
        "TV ветвей, каждая не больше {share} от всех ветвей",
    ),
    "legs_with_rank": ("legs with a partner of {rank}", "ветви, где есть {rank}"),
    "broken_away_legs": ("legs that broke away", "отделившиеся ветви"),
    "recruits_per_leg": ("active personal recruits in each leg of `{tree}`", "активные личные рекруты в каждой ветви `{tree}`"),
    "frontline_with": ("frontline partners who meet `{name}`", "партнёры первой линии, выполнившие условие `{name}`"),
    "events_of": ("accepted events of kind {kind}", "принятые события вида {kind}"),
    # what depends on the payee
    "nothing": ("nothing", "ничего"),
    "by_rank_paid_as": ("by rank: {list}", "по рангу: {list}"),
    "by_rank_title": ("by title: {list}", "по званию: {list}"),
    "by_type": ("by type: {list}; other types nothing", "по типу: {list}; остальным ничего"),
    "by_scale_whole": ("by {metric}: {list}", "по показателю «{metric}»: {list}"),
    "by_scale_slices": ("in slices by {metric}: {list}", "частями по показателю «{metric}»: {list}"),
    "by_source": ("by source: {list}", "по источнику: {list}"),
    "entry": ("{name} {value}", "{name} {value}"),
    "entry_nested": ("{name} ({value})", "{name} ({value})"),
    "from": ("from {bound} – {value}", "от {bound} – {value}"),
    "from_nested": ("from {bound} – ({value})", "от {bound} – ({value})"),
    "other": ("other", "прочее"),
    # who is paid
    "qualified_active": ("It is paid to active partners.", "Платится активным партнёрам."),
    "qualified_named": ("It is paid to the active who meet `{name}`.", "Платится активным, кто выполнил условие `{name}`."),
    "qualified_tests": ("It is paid to the active with {tests}.", "Платится активным, у кого {tests}."),
    "forfeit": ("Whoever is active and fails this gets nothing of it.", "Активный, кто этого не выполнил, ничего не получает."),
    "hold": (
        "For whoever is active and fails this, the money waits for the first of the next {n} periods in which it is met.",
        "Для активного, кто этого не выполнил, деньги ждут первого из следующих периодов ({n}), в котором условие выполнено.",
    ),
    # limits
    "limits": ("Limits", "Ограничения"),
    "all_bonuses": ("all bonuses", "все бонусы"),
    "cap_line": ("A line of {bonuses} is at most {sum}.", "Строка ({bonuses}) — не больше {sum}."),
    "cap_partner_bonus": (
        "A partner gets at most {sum} in a period from each of: {bonuses}.",
        "Партнёр получает за период не больше {sum} с каждого из бонусов: {bonuses}.",
    ),
    "cap_partner": (
        "A partner gets at most {sum} in a period from {bonuses} together.",
        "Партнёр получает за период не больше {sum} вместе с бонусов: {bonuses}.",
    ),
    "cap_company": (
        "The company pays at most {sum} in a period for {bonuses}; above it all their lines are cut in proportion.",
        "Компания платит за период не больше {sum} ({bonuses}); сверх этого все строки уменьшаются пропорционально.",
    ),
    "cap_company_rate": (
        "The company pays at most {rate} of its CV of the period for {bonuses}; above it all their lines are cut in proportion.",
        "Компания платит не больше {rate} своего CV за период ({bonuses}); сверх этого все строки уменьшаются пропорционально.",
    ),
    "cap_example": (
        "Example: lines of {first} and {second} under a limit of {limit} become {cut_first} and {cut_second}.",
        "Пример: строки {first} и {second} при ограничении {limit} становятся {cut_first} и {cut_second}.",
    ),
    "deduction": (
        "`{name}`: {rate} of each line of {bonuses} is taken off; of {of} that is {sum}.",
        "`{name}`: с каждой строки ({bonuses}) удерживается {rate}; с {of} это {sum}.",
    ),
    # what changes closed lines
    "held_parts": (
        "A line that still waits for a condition is changed in waiting; one that was paid later is changed by what was paid, and one "
        "that waited in vain is left alone.",
        "Строка, которая ещё ждёт условия, меняется до выплаты; у выплаченной позже меняется выплаченное, а не дождавшуюся не трогают.",
    ),
    "spans_parts": (
        "Where a bonus takes several months together, all of them stand here for the month of the order: only what comes once the last "
        "of them was closed changes the lines that it paid.",
        "Если бонус берёт несколько месяцев вместе, месяцем заказа для него считаются все они: строки бонуса меняет только то, что "
        "пришло после закрытия последнего из них.",
    ),
    # when it is paid out
    "payouts": ("Payouts", "Выплаты"),
    "hold_days": (
        "What a month owes may be paid out {n} days after its end.",
        "Начисленное за месяц можно выплатить через {n} дн. после его конца.",
    ),
    "no_hold_days": (
        "What a month owes may be paid out once it is closed.",
        "Начисленное за месяц можно выплатить, как только он закрыт.",
    ),
    "least_paid": (
        "At least {sum} are paid out at once: {below} wait until what comes next makes it as much.",
        "Выплачивается не меньше {sum} сразу: {below} ждут, пока следующие начисления не дополнят сумму.",
    ),
    "split": (
        "{rate} of a partner's total go to the balance `{name}`, rounded down; of {of} that is {sum}.",
        "{rate} от суммы партнёра идут на баланс `{name}` с округлением вниз; с {of} это {sum}.",
    ),
}

# For plans whose period is not a month.
PERIODS: Mapping[str, Pair] = {
    "frame": (
        "Plan `{name}`, version {version}. It applies from {day} and pays in {currency}. A period is {calendar} in the time zone {zone}.",
        "План `{name}`, версия {version}. Действует с {day}, платит в {currency}. Период — {calendar} в часовом поясе {zone}.",
    ),
    "paid_at": (
        "An order counts once it is paid, in the period of its payment.",
        "Заказ засчитывается после оплаты, в том периоде, когда он оплачен.",
    ),
    "placed_at": (
        "An order counts once it is paid, in the period in which it was placed.",
        "Заказ засчитывается после оплаты, в том периоде, когда он оформлен.",
    ),
    "net": (
        "A refund in the period of its order makes the order smaller; a later one takes its volume back in the period of the refund.",
        "Возврат в периоде заказа уменьшает сам заказ; более поздний вычитает его объём в периоде возврата.",
    ),
    "reverse": (
        "A refund in the period of its order makes the order smaller; a later one takes its QV back in the period of the refund, and "
        "its part of what the order paid from those who were paid, each line as it was rounded. A binary bonus loses the volume.",
        "Возврат в периоде заказа уменьшает сам заказ; более поздний вычитает его QV в периоде возврата, а его долю в начисленном "
        "за заказ — у тех, кому начислено, с тем же округлением строк. Бинарный бонус теряет объём.",
    ),
    "refund_own_period": (
        "A refund belongs to the period of its own date.",
        "Возврат относится к периоду своей даты.",
    ),
    "refund_order_period": (
        "A refund that is recorded before the period of its order was closed belongs to that period, whatever its own date; one that "
        "is recorded later belongs to the period of its own date.",
        "Возврат, записанный до закрытия периода своего заказа, относится к этому периоду, какой бы ни была его дата; записанный "
        "позже — к периоду своей даты.",
    ),
    "late_now": (
        "An order or refund that is recorded after the period of its date was closed counts in the next one that is closed, as if "
        "dated on its first day.",
        "Заказ или возврат, записанный после закрытия периода, в который попадает его дата, засчитывается в следующем закрываемом "
        "периоде, как будто датирован его первым днём.",
    ),
    "late_then": (
        "An order that is recorded after the period of its date was closed counts as QV in the next one that is closed; what it would "
        "have added to each line of its own period is posted there too. A binary bonus and a late refund count then.",
        "Заказ, записанный после закрытия периода, в который попадает его дата, идёт в QV следующего закрываемого периода; там же "
        "доначисляется то, что он прибавил бы к каждой строке своего периода. Бинарный бонус и поздний возврат учитываются тогда же.",
    ),
    "late_days": (
        "A period cannot be closed before {n} days after its end; what is recorded by its close counts in it.",
        "Период нельзя закрыть раньше чем через {n} дн. после его окончания; записанное до закрытия засчитывается в нём.",
    ),
    "no_late_days": (
        "A period can be closed as soon as it is over; what is recorded by its close counts in it.",
        "Период можно закрыть, как только он закончился; записанное до закрытия засчитывается в нём.",
    ),
    "active_all": ("Active in a period is whoever meets all of this:", "Активен в периоде тот, кто выполнил всё перечисленное:"),
    "grace": (
        "Whoever met it in one of the {n} periods before stays active.",
        "Активность сохраняет тот, кто выполнил это хотя бы в одном из предыдущих периодов, считая назад: {n}.",
    ),
    "no_grace": ("There is no grace: each period is judged by itself.", "Отсрочки нет: каждый период считается сам по себе."),
    "period": ("{what} this period", "{what} за период"),
    "last": ("{what} over the last {n} periods", "{what} за последние периоды ({n})"),
    "periods_before": ("{what} in the {n} periods before this one", "{what} за предыдущие периоды ({n})"),
    "spans": (
        "It takes {n} periods together and pays in the last of them by its tree, ranks and conditions: for example from {first} to {last}, in {last}. In the others it pays nothing.",
        "Периоды берутся вместе, по {n}, и выплата делается в последнем по его дереву, рангам и условиям: например, с {first} по {last} — в {last}. В остальных выплаты нет.",
    ),
    "spans_measured": (
        "It is looked at only in the last of every {n} periods: for example from {first} to {last}, in {last}. The numbers that it reads are over the time that stands with them.",
        "Подводится только в последнем из каждых периодов (их {n}): например, с {first} по {last} — в {last}. Показатели берутся за то время, которое при них названо.",
    ),
    "spans_own": ("Own orders are those of all these periods.", "Свои заказы берутся за все эти периоды."),
    "spans_parts": (
        "Where a bonus takes several periods together, all of them stand here for the period of the order: only what comes once the "
        "last of them was closed changes the lines that it paid.",
        "Если бонус берёт несколько периодов вместе, периодом заказа для него считаются все они: строки бонуса меняет только то, что "
        "пришло после закрытия последнего из них.",
    ),
    "hold_days": (
        "What a period owes may be paid out {n} days after its end.",
        "Начисленное за период можно выплатить через {n} дн. после его конца.",
    ),
    "no_hold_days": (
        "What a period owes may be paid out once it is closed.",
        "Начисленное за период можно выплатить, как только он закрыт.",
    ),
}
