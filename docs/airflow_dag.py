"""An Airflow DAG for kaohe: asks each morning what is due, as the systemd and cron units of `kaohe schedule --write` do.

Put it into Airflow's DAG folder; set the Variables `kaohe_project` (the project's folder) and, where the program is not on
the worker's PATH, `kaohe_program`. Exit codes: 3 data refused, 4 another run holds the lake (tried again), others fail.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow import DAG

try:
    from airflow.providers.standard.operators.bash import BashOperator
except ImportError:  # Airflow 2
    from airflow.operators.bash import BashOperator

KAOHE = 'cd "{{ var.value.kaohe_project }}" && "{{ var.value.get(\'kaohe_program\', \'kaohe\') }}"'

with DAG(
    dag_id="kaohe",
    description="Months on the third working day and again on the 8th, then half-years; the project's calendar decides.",
    schedule="0 6 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=20)},
    tags=["kaohe"],
) as dag:
    due = BashOperator(task_id="due", bash_command=f"{KAOHE} schedule --due")
    status = BashOperator(task_id="status", bash_command=f"{KAOHE} status", trigger_rule="all_done")
    due >> status
